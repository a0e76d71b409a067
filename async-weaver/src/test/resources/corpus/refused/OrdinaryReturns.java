// Methods that do not return a future, of every kind of type.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class OrdinaryReturns {
  static void nothing(Source s) {
    await(s.of(1)); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done()
  }

  static int number(Source s) {
    return await(s.of(1)); // error: [WEFT007] await in a method that returns int: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static long wide(Source s) {
    return await(s.of(1L)); // error: [WEFT007] await in a method that returns long: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static String text(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static int[] array(Source s) {
    return await(s.of(new int[1])); // error: [WEFT007] await in a method that returns int[]: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static CompletableFuture<String>[] futures(Source s) {
    await(s.of(1)); // error: [WEFT007] await in a method that returns java.util.concurrent.CompletableFuture[]: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
    return null;
  }

  static <T> T any(CompletableFuture<T> future) {
    return await(future); // error: [WEFT007] await in a method that returns java.lang.Object: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static Map<String, String> map(Source s) {
    return Map.of("k", await(s.of("v"))); // error: [WEFT007] await in a method that returns java.util.Map: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }

  static java.util.concurrent.Future<String> future(Source s) {
    return s.of(await(s.of("x"))); // error: [WEFT007] await in a method that returns java.util.concurrent.Future: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task instead
  }
}
