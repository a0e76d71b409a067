package dev.weft.node.turn;

import dev.weft.frame.Frame;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * ECMAScript's job queue: continuations of awaits, and what {@code queueMicrotask} was given, first
 * in first out. Confined to the loop's thread.
 *
 * <h2>Who awaited first goes on first</h2>
 *
 * When a promise is settled its reactions are queued in the order in which they were registered. A
 * {@link dev.weft.Task} wakes its awaiters in another: those among the dependents, mostly the
 * newest first, and at last the one in the waiter slot, which was the first. They arrive here
 * within one call of {@code complete}, one behind the other, so such a run is sorted before
 * anything else is added or taken; a run in reverse order takes one pass.
 */
public final class MicrotaskQueue {
  private static final Comparator<Frame<?>> FIRST_PARKED_FIRST =
      Comparator.comparingLong(Frame::awaitOrder);

  private final Turn turn;

  /** A ring; its length is a power of two. */
  private @Nullable Runnable[] ring = new Runnable[64];

  // Positions that only grow; the ring's index is their low bits.
  private long head;
  private long tail;

  /**
   * What the frames at the end of the queue, from runStart on, awaited; null if there is no run.
   */
  private @Nullable CompletableFuture<?> runSource;

  private long runStart;

  MicrotaskQueue(Turn turn) {
    this.turn = turn;
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** For how many there is room. */
  public int capacity() {
    return ring.length;
  }

  /** Adds one at the end. */
  public void add(Runnable microtask) {
    closeRun();
    push(microtask);
  }

  /** Adds a frame that was woken by the settling of what it awaited. */
  public void addWoken(Frame<?> frame, @Nullable CompletableFuture<?> source) {
    if (source == null || source != runSource) {
      closeRun();
      runSource = source;
      runStart = tail;
    }
    push(frame);
  }

  /**
   * Runs microtasks until there is none, those included that are added meanwhile. One that throws
   * does not keep the others from running.
   */
  void run() {
    while (head != tail && !turn.isStopped()) {
      closeRun();
      int index = (int) head & (ring.length - 1);
      Runnable microtask = ring[index];
      ring[index] = null;
      head++;
      if (microtask != null) {
        runOne(microtask);
      }
    }
  }

  private void runOne(Runnable microtask) {
    try {
      microtask.run();
    } catch (Throwable error) {
      turn.uncaught(error);
    } finally {
      turn.forgetPolled();
    }
  }

  /** Takes the next one without running it: the loop has ended. */
  public @Nullable Runnable poll() {
    closeRun();
    return head == tail ? null : ring[(int) head++ & (ring.length - 1)];
  }

  private void push(Runnable microtask) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[(int) tail++ & (ring.length - 1)] = microtask;
  }

  private void grow() {
    @Nullable Runnable[] larger = new Runnable[ring.length * 2];
    for (long at = head; at < tail; at++) {
      larger[(int) at & (larger.length - 1)] = ring[(int) at & (ring.length - 1)];
    }
    ring = larger;
  }

  private void closeRun() {
    if (runSource == null) {
      return;
    }
    runSource = null;
    int length = (int) (tail - runStart);
    if (length < 2) {
      return;
    }
    int mask = ring.length - 1;
    Frame<?>[] run = new Frame<?>[length];
    for (int i = 0; i < length; i++) {
      run[i] = (Frame<?>) Objects.requireNonNull(ring[(int) (runStart + i) & mask]);
    }
    Arrays.sort(run, FIRST_PARKED_FIRST);
    for (int i = 0; i < length; i++) {
      ring[(int) (runStart + i) & mask] = run[i];
    }
  }
}
