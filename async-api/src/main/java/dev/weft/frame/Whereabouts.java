package dev.weft.frame;

import dev.weft.Task;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Says where an await chain stands: at which line its innermost frame is suspended, and what it
 * waits for. From any thread, while the chain runs: the answer is as old as the question.
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn(() -> buy(shop, item));
 * System.err.println(Whereabouts.of(order)); // at which line it waits, and what for
 * }</pre>
 */
public final class Whereabouts {
  /** So far it is looked, inwards and outwards. A recursion can be as deep as the heap is large. */
  private static final int MOST_STEPS = 16_384;

  private Whereabouts() {}

  /** In words, for what a future stands for. */
  public static String of(CompletableFuture<?> future) {
    CompletableFuture<?> at = makerOr(future);
    Frame<?> innermost = null;
    // Calls may await each other in a circle.
    for (int steps = 0; at instanceof Link<?> link && steps < MOST_STEPS; steps++) {
      if (link instanceof Frame<?> frame && (isWoven(frame) || !isWoven(innermost))) {
        innermost = frame;
      }
      Object source = link.source();
      if (source == null) {
        return place(innermost) + (innermost == null ? "it" : ", which") + " is running";
      }
      CompletableFuture<?> next = Waiter.futureIn(source);
      if (next == null) {
        break;
      }
      at = makerOr(next);
      if (at instanceof Link<?> inner && !inner.isChained()) {
        break;
      }
    }
    if (innermost == null) {
      return "it is " + describe(at);
    }
    return place(innermost) + ", which awaits " + describe(at);
  }

  /** The call behind a task that is none itself, for as long as that runs. */
  static CompletableFuture<?> makerOr(CompletableFuture<?> future) {
    Frame<?> maker = future instanceof AwaitedFuture<?> task ? task.maker() : null;
    return maker == null || maker.hasEnded() ? future : maker;
  }

  /** True for a call that knows its line; false for one of the library's own, and for null. */
  private static boolean isWoven(@Nullable Frame<?> frame) {
    return frame != null && element(frame) != null;
  }

  /** The innermost frame of a chain, which runs if the chain does. */
  public static Frame<?> innermost(Frame<?> outermost) {
    Frame<?> innermost = outermost;
    Link<?> at = outermost;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      CompletableFuture<?> next = Link.taskOf(at.source());
      if (next == null || !(makerOr(next) instanceof Link<?> inner) || !inner.isChained()) {
        break;
      }
      at = inner;
      if (at instanceof Frame<?> frame) {
        innermost = frame;
      }
    }
    return innermost;
  }

  /** The task of which a call is a part: the outermost one of those that await each other. */
  public static Task<?> taskOf(Frame<?> call) {
    Link<?> at = call;
    // Nothing keeps a program from awaiting in a circle.
    for (int steps = 0; steps < MOST_STEPS && at.isChained(); steps++) {
      Awaiter outer = AwaitedFuture.waiterOf(at);
      while (outer instanceof Combining<?> combining && steps++ < MOST_STEPS) {
        outer = AwaitedFuture.waiterOf(combining);
      }
      if (!(outer instanceof Link<?> link)) {
        break;
      }
      at = link;
    }
    return at;
  }

  private static String place(@Nullable Frame<?> frame) {
    if (frame == null) {
      return "";
    }
    StackTraceElement element = element(frame);
    return "in " + (element != null ? element : frame.getClass().getName());
  }

  /** Which method a call is of, for people. */
  public static String describeCall(Frame<?> call) {
    StackTraceElement line = element(call);
    return "a call of "
        + (line == null
            ? call.getClass().getName()
            : line.getClassName() + "." + line.getMethodName());
  }

  /** The line at which a frame is suspended, or was last; null for one that is not woven. */
  public static @Nullable StackTraceElement element(Frame<?> frame) {
    return AwaitSites.element(frame);
  }

  static String describe(CompletableFuture<?> future) {
    if (future instanceof Spawn<?>) {
      return future.toString();
    }
    Class<?> type = future.getClass();
    String name = type.getSimpleName();
    if (future instanceof Task<?> && type != Task.class && !name.isEmpty()) {
      return "a " + name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
    return "a " + type.getName();
  }
}
