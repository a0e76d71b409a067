package dev.weft.node.turn;

import dev.weft.log.LogQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program wants to be told of its end: Node's {@code process.on} of {@code beforeExit},
 * {@code exit} and {@code uncaughtException}. Confined to the loop's thread.
 */
public final class ExitHooks {
  private static final Logger log = LoggerFactory.getLogger(ExitHooks.class);

  private static final int UNCAUGHT = 1;

  /** Node's exit code after an exception in the handler of uncaught exceptions. */
  private static final int HANDLER_FAILED = 7;

  private final List<Runnable> beforeExit = new ArrayList<>();
  private final List<IntConsumer> exit = new ArrayList<>();
  private @Nullable Consumer<? super Throwable> uncaught;
  private @Nullable Consumer<? super Throwable> fatal;
  private @Nullable IntConsumer exited;

  ExitHooks() {}

  /** Adds a hook for when nothing keeps the loop alive any more. It may start something new. */
  public void onBeforeExit(Runnable hook) {
    beforeExit.add(hook);
  }

  /** Adds a hook for the end. What it starts is not run any more. */
  public void onExit(IntConsumer hook) {
    exit.add(hook);
  }

  /** Sets what exceptions are given to that leave a callback; the loop goes on then. */
  public void onUncaught(Consumer<? super Throwable> handler) {
    uncaught = handler;
  }

  /** Sets what is told of the exception that ends the loop, in place of the log. */
  public void onFatal(Consumer<? super Throwable> listener) {
    fatal = listener;
  }

  /** Nothing keeps the loop alive any more. */
  public void beforeExit() {
    List.copyOf(beforeExit).forEach(Runnable::run);
  }

  /** Sets what is told last, after all exit hooks. */
  public void onExited(IntConsumer listener) {
    exited = listener;
  }

  void exit(int code) {
    for (IntConsumer hook : List.copyOf(exit)) {
      try {
        hook.accept(code);
      } catch (Throwable error) {
        LogQueue.shared().offer(() -> log.error("An exit hook has failed", error));
      }
    }
    if (exited != null) {
      exited.accept(code);
    }
  }

  /** The exit code with which the loop has to end, or 0 if the exception was handled. */
  int uncaught(Throwable error) {
    if (uncaught == null) {
      reportFatal(error);
      return UNCAUGHT;
    }
    try {
      uncaught.accept(error);
      return 0;
    } catch (Throwable second) {
      reportFatal(second);
      return HANDLER_FAILED;
    }
  }

  private void reportFatal(Throwable error) {
    if (fatal == null) {
      String thread = Thread.currentThread().getName();
      LogQueue.shared()
          .offer(() -> log.error("Uncaught exception on {}: the event loop ends", thread, error));
    } else {
      fatal.accept(error);
    }
  }
}
