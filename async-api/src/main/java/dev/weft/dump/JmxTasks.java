package dev.weft.dump;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes dumps of tasks in the platform's MBean server, until the last one who has asked for it
 * closes it. An executor that was built with {@code jmx(true)} asks for it; for others:
 *
 * <pre>{@code
 * try (JmxTasks published = JmxTasks.register()) {
 *   executor.blockOn(() -> serve(8080)); // meanwhile jconsole shows dev.weft:type=Tasks
 * }
 * }</pre>
 */
public final class JmxTasks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JmxTasks.class);
  private static final String NAME = "dev.weft:type=Tasks";

  /** Guarded by the class. */
  private static int users;

  private boolean closed;

  private JmxTasks() {}

  /**
   * Registers it as {@code dev.weft:type=Tasks}, if it is not yet. If that name is taken, as by the
   * Weft of another class loader, a warning is logged and nothing else happens.
   */
  public static JmxTasks register() {
    synchronized (JmxTasks.class) {
      if (users++ == 0) {
        try {
          server().registerMBean(new Dumps(), new ObjectName(NAME));
        } catch (JMException refused) {
          log.warn("Dumps of tasks are not in JMX", refused);
        }
      }
      return new JmxTasks();
    }
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }

  /** Unregisters it, if nobody else has asked for it. Does nothing the second time. */
  @Override
  public void close() {
    synchronized (JmxTasks.class) {
      if (closed) {
        return;
      }
      closed = true;
      if (--users == 0) {
        try {
          server().unregisterMBean(new ObjectName(NAME));
        } catch (JMException gone) {
          log.debug("{} had been unregistered", NAME, gone);
        }
      }
    }
  }

  /** What the server has. */
  private static final class Dumps implements TaskDumpMXBean {
    @Override
    public String dumpText(boolean tree) {
      return TaskDump.ofAll().asTree(tree).toString();
    }

    @Override
    public String dumpJson() {
      StringBuilder json = new StringBuilder();
      try {
        TaskDump.ofAll().writeJson(json);
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
      return json.toString();
    }

    @Override
    public void dumpToFile(String file, String format) throws IOException {
      Path path = Path.of(file);
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException("the path of the file is to be absolute: " + file);
      }
      if (!Set.of("text", "tree", "json").contains(format)) {
        throw new IllegalArgumentException("the format is text, tree or json, and not " + format);
      }
      try (FileChannel channel = FileChannel.open(path, NEW, attributes());
          Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8))) {
        write(format, out);
      } catch (java.nio.file.FileAlreadyExistsException there) {
        throw there;
      } catch (IOException | RuntimeException | Error failed) {
        Files.deleteIfExists(path);
        throw failed;
      }
    }

    private static final Set<StandardOpenOption> NEW =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private static FileAttribute<?>[] attributes() {
      return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];
    }

    private static void write(String format, Writer out) throws IOException {
      if (format.equals("json")) {
        TaskDump.ofAll().writeJson(out);
      } else {
        TaskDump.ofAll().asTree(format.equals("tree")).writeText(out);
      }
    }

    @Override
    public List<String> getDeadlocks() {
      return TaskDump.ofAll().deadlocks().stream().map(Deadlock::text).toList();
    }
  }
}
