package dev.weft.stream;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * Says that it is worth looking again. Carries nothing, so nothing is lost with one whose awaiter
 * was cancelled.
 */
final class Signal extends Task<@Nullable Void> {
  /** One that has been given already. */
  static Signal given() {
    Signal signal = new Signal();
    signal.give();
    return signal;
  }

  void give() {
    complete(null);
  }

  /** Gives a signal, if there is one. */
  static void giveIfAny(@Nullable Signal signal) {
    if (signal != null) {
      signal.give();
    }
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }
}
