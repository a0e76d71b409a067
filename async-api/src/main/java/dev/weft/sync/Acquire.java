package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Claim;
import dev.weft.select.Selectable;
import org.jspecify.annotations.Nullable;

/** To get permits, as a branch of a select. */
final class Acquire<G extends @Nullable Object> extends Selectable<G> {
  private final Ready<G> ready;

  Acquire(Ready<G> ready) {
    this.ready = ready;
  }

  @Override
  protected Task<G> start(Claim claim) {
    return ready.permits.enqueue(ready, claim);
  }
}
