// Lambdas whose interface does not return a future.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class Lambdas {
  static CompletableFuture<String> run(Source s) {
    Runnable runnable = () -> await(s.of(1)); // error: [WEFT005] await in a lambda that implements java.lang.Runnable.run and returns void: only a lambda that returns a CompletionStage can be suspended. Await in the method around it, for example in a loop, or return the future and await it there
    Supplier<String> supplier =
        () ->
            await(s.of("x")); // error: [WEFT005] await in a lambda that implements java.util.function.Supplier.get and returns java.lang.String: only a lambda that returns a CompletionStage can be suspended. Await in the method around it, for example in a loop, or return the future and await it there
    Predicate<String> predicate =
        t -> {
          return await(s.of(t)).isEmpty(); // error: [WEFT005] await in a lambda that implements java.util.function.Predicate.test and returns boolean: only a lambda that returns a CompletionStage can be suspended. Await in the method around it, for example in a loop, or return the future and await it there
        };
    List<Integer> lengths =
        List.of("a").stream()
            .map(t -> await(s.of(t)).length()) // error: [WEFT005] await in a lambda that implements java.util.function.Function.apply and returns java.lang.Integer: only a lambda that returns a CompletionStage can be suspended. Await in the method around it, for example in a loop, or return the future and await it there
            .toList();
    Callable<Object> callable =
        () -> {
          Runnable inner = () -> await(s.of(2)); // error: [WEFT005] await in a lambda that implements java.lang.Runnable.run and returns void: only a lambda that returns a CompletionStage can be suspended. Await in the method around it, for example in a loop, or return the future and await it there
          return inner;
        };
    return s.of("end");
  }
}
