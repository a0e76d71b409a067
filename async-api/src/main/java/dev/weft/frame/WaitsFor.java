package dev.weft.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a call waits for, one step further in: the edges of the graph in which a deadlock is a
 * circle. From any thread, while the program goes on. For Weft's own.
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item));
 * for (Object next : WaitsFor.of((Frame<?>) order)) {
 *   System.out.println(next); // the call of buy
 * }
 * }</pre>
 */
public final class WaitsFor {
  /** So many of those that one call waits for at the same time. */
  private static final int MOST = 64;

  /** So far it is looked for what stands between two calls. */
  private static final int MOST_BETWEEN = 64;

  private WaitsFor() {}

  /**
   * Without each of which the call cannot go on: a {@link Frame}, which has to end, or a task that
   * waits for what somebody holds ({@link #guards}). Empty if it runs, or waits for something else.
   */
  public static List<Object> of(Frame<?> call) {
    List<Object> found = new ArrayList<>(1);
    Object source = call.source();
    CompletableFuture<?> next = Waiter.futureIn(source);
    if (next != null && !AsyncStacks.isOver(source, next)) {
      add(next, found, MOST_BETWEEN);
    }
    return found;
  }

  /** False for what somebody waits for and nobody who waits could end. */
  public static boolean leadsOn(CompletableFuture<?> awaited) {
    return awaited instanceof Frame<?>
        || awaited instanceof Relay<?>
        || awaited instanceof Combining<?>
        || !guards(awaited).isEmpty();
  }

  private static void add(CompletableFuture<?> future, List<Object> to, int steps) {
    CompletableFuture<?> at = Whereabouts.makerOr(future);
    for (int left = steps; left > 0 && to.size() < MOST; left--) {
      if (at instanceof Frame<?>) {
        to.add(at);
        return;
      }
      if (at instanceof Combining<?> combining) {
        int within = left - 1;
        combining.needed().forEach(stage -> add(stage, to, within));
        return;
      }
      if (!(at instanceof Link<?> relay)) {
        if (at instanceof AwaitedFuture<?> task && !task.guards().isEmpty()) {
          to.add(task);
        }
        return;
      }
      Object source = relay.source();
      CompletableFuture<?> next = Waiter.futureIn(source);
      if (next == null || AsyncStacks.isOver(source, next)) {
        return;
      }
      at = Whereabouts.makerOr(next);
    }
  }

  /** As long as somebody holds one of these, a task does not end that {@link #of} has found. */
  public static List<Object> guards(Object task) {
    return task instanceof AwaitedFuture<?> waiting ? waiting.guards() : List.of();
  }

  /** What somebody waits for, in words. */
  public static String describe(Object awaited) {
    return awaited instanceof Spawn<?> task
        ? SpawnSite.name(task)
        : awaited instanceof Frame<?> call
            ? Whereabouts.describeCall(call)
            : AsyncStacks.describe((CompletableFuture<?>) awaited);
  }
}
