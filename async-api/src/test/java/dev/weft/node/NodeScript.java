package dev.weft.node;

import dev.weft.NodeExecutor;
import dev.weft.NodePrograms;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A program in virtual time that logs words; what a rule's test is written with. */
final class NodeScript {
  private final VirtualTime time = new VirtualTime();
  private final List<String> log = new ArrayList<>();

  private NodeScript() {}

  /** Runs a program to its end; the words that it has logged. */
  static String run(Consumer<NodeScript> main) {
    NodeScript script = new NodeScript();
    script.runToExit(main);
    return String.join(" ", script.log);
  }

  /** As {@link #run}; the exit code follows the words. */
  static String runWithCode(Consumer<NodeScript> main) {
    NodeScript script = new NodeScript();
    script.log("code:" + script.runToExit(main));
    return String.join(" ", script.log);
  }

  private int runToExit(Consumer<NodeScript> main) {
    try {
      return NodePrograms.run(time, time, () -> main.accept(this));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  NodeExecutor node() {
    return NodeExecutor.current();
  }

  void log(String word) {
    log.add(word);
  }

  List<String> words() {
    return log;
  }

  Runnable logs(String word) {
    return () -> log(word);
  }

  void tick(String word) {
    node().nextTick(logs(word));
  }

  void microtask(String word) {
    node().queueMicrotask(logs(word));
  }

  Timeout timeout(String word, double millis) {
    return node().setTimeout(logs(word), millis);
  }

  Immediate immediate(String word) {
    return node().setImmediate(logs(word));
  }

  /** Has a callback run when a byte has come back over a socket pair. */
  void io(Runnable callback) {
    time.io(callback);
  }

  /** Lets the clock go on while a callback runs. */
  void passTime(long nanos) {
    time.pass(nanos);
  }

  /** {@code promise.then(next)}. */
  HandWritten<Object> then(CompletableFuture<?> promise, Supplier<Object> next) {
    HandWritten<Object> frame =
        new HandWritten<>(
            node(),
            (self, state, outcome) -> {
              Await.take(outcome);
              return next.get();
            });
    frame.await(promise, 1);
    return frame;
  }

  /** {@code promise.then(() => log(word))}. */
  HandWritten<Object> then(CompletableFuture<?> promise, String word) {
    return then(
        promise,
        () -> {
          log(word);
          return Settled.value(null);
        });
  }

  /** An async function that logs {@code prefix1}, awaits null, logs {@code prefix2}, and so on. */
  HandWritten<Object> async(String prefix, int awaits, Supplier<Object> result) {
    log(prefix + 1);
    HandWritten<Object> frame =
        new HandWritten<>(
            node(),
            (self, state, outcome) -> {
              Await.take(outcome);
              log(prefix + (state + 1));
              return state < awaits ? self.await(Settled.value(null), state + 1) : result.get();
            });
    frame.await(Settled.value(null), 1);
    return frame;
  }

  /** The promise of an async function that returns nothing. */
  static Object nothing() {
    return Settled.value(null);
  }
}
