package dev.weft.dump;

import java.io.IOException;
import java.util.List;

/**
 * Dumps of tasks for JMX, of all executors in the JVM, under {@code dev.weft:type=Tasks}. There
 * while an executor is that was built with {@code jmx(true)}, or by {@link JmxTasks#register}.
 *
 * <pre>{@code
 * TaskDumpMXBean tasks =
 *     JMX.newMXBeanProxy(
 *         ManagementFactory.getPlatformMBeanServer(),
 *         new ObjectName("dev.weft:type=Tasks"),
 *         TaskDumpMXBean.class);
 * System.out.println(tasks.dumpText(true));
 * }</pre>
 */
public interface TaskDumpMXBean {
  /**
   * All of it for people, in one string: for some thousand tasks.
   *
   * @param tree see {@link TaskDump#asTree}
   */
  String dumpText(boolean tree);

  /** The same for programs; see {@link TaskDump#writeJson}. */
  String dumpJson();

  /**
   * Writes it to a file of the machine on which the JVM runs, which only its user can read: for any
   * number of tasks.
   *
   * @param file an absolute path, of a file that is not there yet
   * @param format {@code text}, {@code tree} or {@code json}
   * @throws IOException if it cannot be written; there is no file then
   * @throws IllegalArgumentException if the path is not absolute, or the format is another
   */
  void dumpToFile(String file, String format) throws IOException;

  /** The deadlocks that there are, each for people. */
  List<String> getDeadlocks();
}
