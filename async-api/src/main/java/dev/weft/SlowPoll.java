package dev.weft;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A poll that has kept a thread of an executor for longer than the executor's threshold: a task
 * that blocks the thread, or that computes without a pause. See {@link
 * WorkStealingExecutorBuilder#slowPollThreshold}.
 *
 * <pre>{@code
 * for (SlowPoll slow : executor.slowPolls()) {
 *   System.err.println(slow.place() + " took " + slow.duration().toMillis() + " ms: " + slow.advice());
 * }
 * }</pre>
 *
 * @param time when it was found, while it was going on
 * @param executor the executor's name
 * @param thread the name of the thread that was kept
 * @param eventLoop true if that is the event loop of a {@link NodeExecutor}, and so everything on
 *     that executor stood still
 * @param task what was polled, for people: the task's name and where it comes from; null for a
 *     handler of a socket, a timer's callback or a hook
 * @param resumedAt the line of the await at which it was resumed; null if it had not awaited
 *     anything yet, or is no woven method
 * @param blocker what blocks the thread, for people, {@code Thread.sleep} for example; null if it
 *     computes
 * @param firstUse true if it computes because it uses classes for the first time, and so loads them
 * @param place the innermost line that is neither the JDK's nor Netty's nor Weft's: where the call
 *     that blocks is, or where it computes; null if there is none. Of a synchronized block that
 *     cannot be entered the JVM says the first line in it
 * @param advice what to write instead
 * @param stack of the thread when it was found, the innermost frame first; cut at 128
 * @param duration how long the poll took: up to when it was found, or {@linkplain #over if it is
 *     over} to its end. To within a tenth of the threshold, by {@code System.nanoTime()}
 * @param over true if the poll has come to its end
 * @param takeover who has taken the worker's I/O over meanwhile, and after how long, for people;
 *     null if nobody had to
 * @param ofSite how many slow polls there were with the same place and the same await, this one
 *     included
 */
public record SlowPoll(
    Instant time,
    String executor,
    String thread,
    boolean eventLoop,
    @Nullable String task,
    @Nullable StackTraceElement resumedAt,
    @Nullable String blocker,
    boolean firstUse,
    @Nullable StackTraceElement place,
    String advice,
    List<StackTraceElement> stack,
    Duration duration,
    boolean over,
    @Nullable String takeover,
    long ofSite) {
  /** What the weaver puts before the name of a method that holds the body of an async one. */
  private static final String WOVEN_BODY = "lambda$async$";

  /** All of it in sentences but the stack: what the log says. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(eventLoop ? "The event loop " : "The worker ")
        .append(thread)
        .append(eventLoop ? " stood still for " : " was kept for ")
        .append(duration.toMillis())
        .append(over ? " ms by " : " ms so far by ")
        .append(task == null ? "a handler, a timer's callback or a hook" : "one poll of " + task)
        .append(", and all that waits for ")
        .append(eventLoop ? "the loop" : "this worker")
        .append(" waits with it. ");
    text.append(
        blocker != null ? "It is in " + blocker : firstUse ? "It loads classes" : "It computes");
    text.append(place == null ? "" : " at " + line(place));
    text.append(blocker != null ? ", which blocks the thread: " : ": ").append(advice).append('.');
    if (resumedAt != null) {
      text.append(" It was resumed at the await at ").append(line(resumedAt)).append('.');
    }
    if (takeover != null) {
      text.append(' ').append(takeover).append('.');
    }
    return text.toString();
  }

  /** Without the names of its loader and module, and with that of the method in the source. */
  private static String line(StackTraceElement element) {
    String method = element.getMethodName();
    return new StackTraceElement(
            element.getClassName(),
            method.startsWith(WOVEN_BODY) ? method.substring(WOVEN_BODY.length()) : method,
            element.getFileName(),
            element.getLineNumber())
        .toString();
  }
}
