package dev.weft.node.phase;

import dev.weft.node.host.LoopThread;
import dev.weft.node.timer.LoopTime;
import dev.weft.node.timer.TimersPhase;
import dev.weft.node.turn.Turn;
import java.util.function.BooleanSupplier;

/**
 * The phases and their order: libuv's {@code uv_run}. Confined to the loop's thread.
 *
 * <pre>
 *   timers -&gt; pending -&gt; idle, prepare -&gt; poll -&gt; check -&gt; closing -&gt; timers ...
 * </pre>
 */
public final class Phases {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LoopTime time;
  private final TimersPhase timers;
  private final PendingPhase pending;
  private final CheckPhase check;
  private final IdlePhase idle;
  private final PollPhase poll;
  private final ClosingPhase closing;
  private int references;

  /** The phases of the loop that these three belong to. */
  public Phases(LoopThread thread, Turn turn, LoopTime time) {
    this.time = time;
    timers = new TimersPhase(thread, turn, time);
    pending = new PendingPhase(turn);
    check = new CheckPhase(thread, turn);
    idle = new IdlePhase(check);
    poll = new PollPhase(turn, time, pending);
    closing = new ClosingPhase(turn);
  }

  /**
   * {@code uv_run}, in its default mode.
   *
   * @param loopAlive {@code uv__loop_alive}
   */
  public void run(BooleanSupplier loopAlive) {
    boolean alive = loopAlive.getAsBoolean();
    if (alive) { // timers that keep nothing alive are not even looked at
      timers.run();
    }
    while (alive) {
      pending.run();
      idle.run();
      poll.run(pollNanos(loopAlive));
      check.run();
      closing.run();
      timers.run();
      alive = loopAlive.getAsBoolean();
    }
  }

  /** libuv's {@code uv_backend_timeout}. */
  private long pollNanos(BooleanSupplier loopAlive) {
    if (!loopAlive.getAsBoolean() || idle.isActive() || !pending.isEmpty() || !closing.isEmpty()) {
      return 0;
    }
    long next = timers.nextExpiry();
    return next == TimersPhase.NEVER
        ? Long.MAX_VALUE
        : Math.max(0, next * NANOS_PER_MILLI - time.nanos());
  }

  /** True if something in a phase keeps the loop alive, or is otherwise {@link #reference}d. */
  public boolean isAlive() {
    return references > 0
        || timers.isAlive()
        || check.isAlive()
        || poll.hasWork()
        || !pending.isEmpty()
        || !closing.isEmpty();
  }

  /** True if something has arrived that is yet to be run. */
  public boolean hasArrivals() {
    return poll.hasPosted() || !pending.isEmpty();
  }

  /** Keeps the loop alive, or does no longer. */
  public void reference(int difference) {
    references += difference;
  }

  /** The first phase. */
  public TimersPhase timers() {
    return timers;
  }

  /** What the last poll has put off. */
  public PendingPhase pending() {
    return pending;
  }

  /** The phase that waits. */
  public PollPhase poll() {
    return poll;
  }

  /** The phase after that. */
  public CheckPhase check() {
    return check;
  }

  /** The last phase. */
  public ClosingPhase closing() {
    return closing;
  }
}
