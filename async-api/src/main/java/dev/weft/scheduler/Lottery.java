package dev.weft.scheduler;

import dev.weft.frame.Frame;
import dev.weft.scheduler.task.OwnedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The order of a deterministic executor: of all frames that are ready, whatever queue they stand
 * in, the next is drawn by lot. With one worker, every order that several workers and their thieves
 * could bring about between two awaits is an order that may be drawn; and one seed always draws the
 * same.
 *
 * <p>Confined to the worker's thread, except the trace.
 */
final class Lottery {
  private final SplittableRandom random;
  private final List<Frame<?>> ready = new ArrayList<>();

  /** One entry for each draw. Guarded by itself. */
  private final List<String> trace = new ArrayList<>();

  Lottery(long seed) {
    random = new SplittableRandom(seed);
  }

  void add(Frame<?> frame) {
    ready.add(frame);
  }

  /** Draws a frame; null if none is ready. */
  @Nullable Frame<?> draw() {
    if (ready.isEmpty()) {
      return null;
    }
    int drawn = random.nextInt(ready.size());
    Frame<?> frame = ready.get(drawn);
    String name =
        frame instanceof OwnedTask<?> task ? task.describe() : frame.getClass().getSimpleName();
    synchronized (trace) {
      trace.add(drawn + " of " + ready.size() + ": " + name);
    }
    ready.set(drawn, ready.get(ready.size() - 1));
    ready.remove(ready.size() - 1);
    return frame;
  }

  List<String> trace() {
    synchronized (trace) {
      return List.copyOf(trace);
    }
  }
}
