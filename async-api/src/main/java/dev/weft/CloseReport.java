package dev.weft;

import dev.weft.log.LogQueue;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How the end of an executor went.
 *
 * <pre>{@code
 * CloseReport report = executor.close(Duration.ofSeconds(3), Duration.ofSeconds(5));
 * if (!report.unended().isEmpty()) {
 *   System.err.println(report); // names them, each with the line where it stands
 * }
 * }</pre>
 *
 * @param executor its name
 * @param took how long it took until it had ended, or was given up
 * @param unended what had not ended by then and was halted, or runs on because it never awaits;
 *     empty if all had
 * @param ended true if the executor's threads have ended too; what runs outside of any task may
 *     keep one from it
 */
public record CloseReport(String executor, Duration took, List<Unended> unended, boolean ended) {
  /**
   * A task that did not end, or a call of an async method that nobody awaited.
   *
   * <pre>{@code
   * for (CloseReport.Unended task : report.unended()) {
   *   System.err.println(task.description() + " stands at " + task.where());
   * }
   * }</pre>
   *
   * @param id see {@link Task#id()}
   * @param name see {@link Task#name()}
   * @param description for people: the name, and where the task comes from
   * @param blocking true for a call on a blocking thread
   * @param where for people: at which line it stood, and what it awaited; null if that is not known
   */
  public record Unended(
      long id,
      @Nullable String name,
      String description,
      boolean blocking,
      @Nullable String where) {
    @Override
    public String toString() {
      return (blocking ? "blocking call of " : "")
          + description
          + (where == null ? "" : ", " + where);
    }
  }

  /**
   * Says it as a warning, by way of the log thread. Who closes waits for that too, as the process
   * may be at its end; but for a second at most, as the log may be what is stuck.
   */
  void log(Logger log) {
    String text = toString();
    LogQueue.shared().offer(() -> log.warn("{}", text));
    LogQueue.shared().flush(Duration.ofSeconds(1));
  }

  /** What did not end, in one sentence. */
  @Override
  public String toString() {
    if (ended) {
      return "The executor " + executor + " ended within " + took;
    }
    return "The executor "
        + executor
        + " did not end within "
        + took
        + ": "
        + (unended.isEmpty()
            ? "code that belongs to no task is still running"
            : unended.stream().map(Unended::toString).collect(Collectors.joining(", ", "[", "]")));
  }
}
