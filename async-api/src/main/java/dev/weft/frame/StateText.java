package dev.weft.frame;

/**
 * What the {@code toString} of a spawned task says of its state.
 *
 * <pre>{@code
 * System.out.println(executor.spawn("reader", () -> echo(socket))); // its name, number and state
 * }</pre>
 */
public final class StateText {
  private StateText() {}

  /** The state in what {@link java.util.concurrent.CompletableFuture#toString} has returned. */
  public static String ofFuture(String text) {
    return text.substring(Math.max(0, text.indexOf('['))); // which no class name has
  }

  /**
   * That state, and of a task whose future says less than is known what its body does.
   *
   * @param state as {@link #ofFuture} returns it
   */
  public static String of(Spawn<?> task, String state) {
    String body = body(task);
    return body.isEmpty() ? state : state.substring(0, state.length() - 1) + ", " + body + "]";
  }

  private static String body(Spawn<?> task) {
    if (!task.isDone()) {
      return task.unstartedBody() != null ? "not started" : "running";
    }
    return task.isFinished() ? "" : "cleaning up";
  }
}
