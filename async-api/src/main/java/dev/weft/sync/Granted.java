package dev.weft.sync;

import org.jspecify.annotations.Nullable;

/** Those to whom something was granted under a lock, in order, until it can be delivered. */
final class Granted {
  private @Nullable Queued<?> first;
  private @Nullable Queued<?> last;

  void add(Queued<?> queued) {
    if (last == null) {
      first = queued;
    } else {
      last.nextGranted = queued;
    }
    last = queued;
  }

  @Nullable Queued<?> first() {
    return first;
  }
}
