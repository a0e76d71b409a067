// Methods that do not return a future, of every kind of type.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class OrdinaryReturns {
  static void nothing(Source s) {
    await(s.of(1)); // refused: await in a method that returns void: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static int number(Source s) {
    return await(s.of(1)); // refused: await in a method that returns int: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static long wide(Source s) {
    return await(s.of(1L)); // refused: await in a method that returns long: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static String text(Source s) {
    return await(s.of("x")); // refused: await in a method that returns java.lang.String: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static int[] array(Source s) {
    return await(s.of(new int[1])); // refused: await in a method that returns int[]: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static CompletableFuture<String>[] futures(Source s) {
    await(s.of(1)); // refused: await in a method that returns java.util.concurrent.CompletableFuture[]: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
    return null;
  }

  static <T> T any(CompletableFuture<T> future) {
    return await(future); // refused: await in a method that returns java.lang.Object: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static Map<String, String> map(Source s) {
    return Map.of("k", await(s.of("v"))); // refused: await in a method that returns java.util.Map: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }

  static java.util.concurrent.Future<String> future(Source s) {
    return s.of(await(s.of("x"))); // refused: await in a method that returns java.util.concurrent.Future: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }
}
