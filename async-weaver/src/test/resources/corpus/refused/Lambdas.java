// Lambdas whose interface does not return a future.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class Lambdas {
  static CompletableFuture<String> run(Source s) {
    Runnable runnable = () -> await(s.of(1)); // refused: await in a lambda that returns void: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
    Supplier<String> supplier =
        () ->
            await(s.of("x")); // refused: await in a lambda that returns java.lang.String: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
    Predicate<String> predicate =
        t -> {
          return await(s.of(t)).isEmpty(); // refused: await in a lambda that returns boolean: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
        };
    List<Integer> lengths =
        List.of("a").stream()
            .map(t -> await(s.of(t)).length()) // refused: await in a lambda that returns java.lang.Integer: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
            .toList();
    Callable<Object> callable =
        () -> {
          Runnable inner = () -> await(s.of(2)); // refused: await in a lambda that returns void: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
          return inner;
        };
    return s.of("end");
  }
}
