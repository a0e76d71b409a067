package dev.weft.net;

import org.jspecify.annotations.Nullable;

/** What was written by a thread that is not in the loop, and is to be moved there. */
final class Staged {
  final Object message;

  /** Who waits for it, if anybody does. */
  final @Nullable PendingWrite writer;

  Staged(Object message, @Nullable PendingWrite writer) {
    this.message = message;
    this.writer = writer;
  }
}
