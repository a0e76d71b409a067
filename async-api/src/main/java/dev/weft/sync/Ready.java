package dev.weft.sync;

import dev.weft.Task;
import dev.weft.handoff.Returnable;
import org.jspecify.annotations.Nullable;

/**
 * What one gets who need not wait: a complete task, one for all, so that it costs no allocation.
 * Between being returned and being looked at, each of its uses stands for permits that were taken.
 * A method that was to look at it and is halted instead (it was parked with its coop budget spent)
 * abandons it, once, and that gives those permits back.
 *
 * <p>As it is shared it keeps no account of who has looked: two awaits of one task that was
 * returned once both go on. Where more than one may come to have it in the course of things, behind
 * a shield, a time limit, a combinator, or as what a call has ended with, {@link Used} stands in
 * its place, and counts.
 */
final class Ready<G extends @Nullable Object> extends Task<G> {
  final Permits permits;
  final int number;
  final G guard;

  Ready(Permits permits, int number, G guard) {
    this.permits = permits;
    this.number = number;
    this.guard = guard;
    decide(guard);
  }

  /** {@inheritDoc} Always. */
  @Override
  public boolean isFinished() {
    return true;
  }

  @Override
  public G join() {
    return guard;
  }

  @Override
  protected void onAbandoned() {
    permits.release(number);
  }

  @Override
  protected Task<?> ofOneUse() {
    return new Used<>(this);
  }

  @Override
  public void obtrudeValue(@Nullable G value) {
    throw new UnsupportedOperationException("a shared, settled task");
  }

  @Override
  public void obtrudeException(Throwable error) {
    throw new UnsupportedOperationException("a shared, settled task");
  }

  /** One use: its permits are given back once, if nobody has the guard. */
  private static final class Used<G extends @Nullable Object> extends Returnable<G> {
    private final Permits permits;
    private final int number;

    Used(Ready<G> ready) {
      permits = ready.permits;
      number = ready.number;
      decide(ready.guard);
    }

    @Override
    protected void giveBack(G guard) {
      permits.release(number);
    }
  }
}
