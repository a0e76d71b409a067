package dev.weft;

import java.util.List;

/**
 * Where a task stands, both ways: down to what it waits for, and out to who waits for it. What
 * {@link Task#asyncStackTrace()} returns.
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item));
 * System.err.println(order.asyncStackTrace());
 * // task 7 "order" waits for a sleep, 1.5 s left
 * //   at await//shop.Shop.pay(Shop.java:40)
 * //   at await//shop.Shop.buy(Shop.java:31)
 * //   at task 7 "order"//shop.Main.main(Main.java:12)
 * }</pre>
 *
 * <p>A snapshot, of a program that goes on: each line was true at some moment while it was taken,
 * and of a task that runs meanwhile not all of them at the same one. Where the lines of calls are
 * not woven in, there are none.
 */
public final class AsyncStackTrace {
  private final String subject;
  private final String state;
  private final List<StackTraceElement> calls;
  private final List<AsyncStackTrace> branches;
  private final List<StackTraceElement> awaitedBy;

  /**
   * For Weft's own.
   *
   * @param subject what it is the trace of
   * @param state what that does, to be read behind it: {@code runs}, {@code waits for a sleep}
   * @param calls see {@link #calls}
   * @param branches see {@link #branches}
   * @param awaitedBy see {@link #awaitedBy}
   */
  public AsyncStackTrace(
      String subject,
      String state,
      List<StackTraceElement> calls,
      List<AsyncStackTrace> branches,
      List<StackTraceElement> awaitedBy) {
    this.subject = subject;
    this.state = state;
    this.calls = List.copyOf(calls);
    this.branches = List.copyOf(branches);
    this.awaitedBy = List.copyOf(awaitedBy);
  }

  /** What it is the trace of, for people: the task with its number and name. */
  public String subject() {
    return subject;
  }

  /**
   * What it does, for people: that it runs, is queued, has ended, or what its innermost call waits
   * for, such as a sleep with the time that is left, or a read with the peer.
   */
  public String state() {
    return state;
  }

  /**
   * The calls, the innermost first, each at the line at which it awaits the one before. Of a task
   * that awaits another task, that one's calls too; where a task was spawned stands behind its own.
   * A call that runs stands at the await at which it was resumed.
   */
  public List<StackTraceElement> calls() {
    return calls;
  }

  /** Where the innermost call waits for several ({@code Async.all} and its kind), each of them. */
  public List<AsyncStackTrace> branches() {
    return branches;
  }

  /**
   * Who waits for it, the nearest first: the lines of the calls, and where the task was spawned
   * that they belong to. Empty if nobody does, or in another way than by await. Of several who
   * wait, the first.
   */
  public List<StackTraceElement> awaitedBy() {
    return awaitedBy;
  }

  /** All of it, a line for each call. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, "");
    return text.toString();
  }

  private void append(StringBuilder text, String indent) {
    text.append(indent).append(subject).append(' ').append(state);
    for (AsyncStackTrace branch : branches) {
      text.append('\n');
      branch.append(text, indent + "    ");
    }
    append(text, indent, calls);
    if (!awaitedBy.isEmpty()) {
      text.append('\n').append(indent).append("  which is awaited");
      append(text, indent, awaitedBy);
    }
  }

  private static void append(StringBuilder text, String indent, List<StackTraceElement> elements) {
    for (StackTraceElement element : elements) {
      text.append('\n').append(indent).append("  at ").append(element);
    }
  }
}
