// Private methods that await and return a plain value, and that something else than an async method calls.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class Helpers {
  private static String ofOrdinary(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: ofOrdinary is called in ordinary, which is no such method)
  }

  static int ordinary(Source s) {
    return ofOrdinary(s).length();
  }

  private static String below(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: below is called in between, which is no such method)
  }

  private static String between(Source s) {
    return below(s);
  }

  static CompletableFuture<String> fine(Source s) {
    return s.of(between(s));
  }

  static String notFine(Source s) {
    return between(s);
  }

  private void unused(Source s) {
    await(s.of("x")); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done(). (A private method need not if async methods of its class, and such methods, alone call it: unused is called by none)
  }

  private static String referred(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: referred is used as a method reference)
  }

  static Function<Source, String> reference() {
    return Helpers::referred;
  }

  private static String inLambda(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: inLambda is called in a lambda, which is no such method)
  }

  static Supplier<String> lambda(Source s) {
    return () -> inLambda(s);
  }

  private static String ofNested(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: ofNested is called in the class shapes.Helpers$Nested)
  }

  static class Nested {
    static CompletableFuture<String> calls(Source s) {
      return s.of(ofNested(s));
    }
  }

  private static synchronized String locked(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: locked is synchronized)
  }

  private static String ofLocked(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: ofLocked is called in lockedToo, which is no such method)
  }

  private static synchronized String lockedToo(Source s) {
    return ofLocked(s);
  }

  static CompletableFuture<String> callsLocked(Source s) {
    return s.of(locked(s) + lockedToo(s) + mixed(s));
  }

  private static String mixed(Source s) {
    return await(s.of("x")) // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: mixed awaits by EA Async as well)
        + com.ea.async.Async.await(s.of("y")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: mixed awaits by EA Async as well)
  }

  private static String ofEa(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: ofEa is called in byEa, which follows EA Async's rules)
  }

  static CompletableFuture<String> byEa(Source s) {
    return s.of(ofEa(s) + com.ea.async.Async.await(s.of("y")));
  }

  private final String value;

  Helpers(Source s) {
    value = ofConstructor(s);
  }

  private String ofConstructor(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it. (A private method need not if async methods of its class, and such methods, alone call it: ofConstructor is called in a constructor, which is no such method)
  }

  private static String fit(Source s) {
    return await(s.of("x"));
  }

  private static void closing(dev.weft.AsyncCloseable res) {
    res.close();
  }

  static synchronized CompletableFuture<String> callsInLocked(Source s) {
    return s.of(fit(s)); // error: [WEFT008] the call of fit, which awaits, in a synchronized method: its monitor cannot be held while it is suspended. Synchronize only the parts between the awaits, or take a dev.weft.sync.AsyncMutex
  }

  static CompletableFuture<String> callsUnderMonitor(Source s, dev.weft.AsyncCloseable res) {
    synchronized (s) {
      closing(res); // error: [WEFT009] the call of closing, which awaits, inside synchronized: the monitor cannot be held while the method is suspended. Move the call out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
      return s.of("x");
    }
  }

  String visible(Source s) {
    return await(s.of("x")); // error: [WEFT007] await in a method that returns java.lang.String: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
  }
}
