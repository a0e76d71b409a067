package dev.weft.sync;

import dev.weft.select.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One who waits for {@link Permits}. */
class Wanting<G extends @Nullable Object> extends Queued<G> {
  final Permits permits;
  final int number;
  private final G guard;

  /**
   * Whether permits were taken for it. Written by who grants, between {@link #claim} and {@link
   * #grant}, which publishes it.
   */
  boolean paid;

  Wanting(Permits permits, int number, G guard, @Nullable Claim claim) {
    super(claim);
    this.permits = permits;
    this.number = number;
    this.guard = guard;
  }

  @Override
  protected String describeWait() {
    Object owner = permits.owner;
    return "its turn at " + owner + "@" + Integer.toHexString(System.identityHashCode(owner));
  }

  @Override
  protected List<Object> guards() {
    return permits.guards;
  }

  @Override
  void deliver() {
    grant(guard);
  }

  @Override
  protected void onWithdrawn() {
    permits.onWithdrawn(this);
  }

  @Override
  protected void giveBack(G value) {
    if (paid) {
      permits.release(number);
    }
  }
}
