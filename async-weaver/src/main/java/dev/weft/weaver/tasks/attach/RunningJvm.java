package dev.weft.weaver.tasks.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AttachOperationFailedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * Another JVM of this machine, attached to. Only where the runtime has the module {@code
 * jdk.attach}: see {@link AttachModule}.
 *
 * <p>All errors are IOExceptions whose messages are for people.
 */
public final class RunningJvm implements Closeable {
  /** A JVM that can be attached to, as {@code jcmd} lists it. */
  public record Found(long pid, String command) {}

  private static final int OLDEST_JAVA = 17;

  /** From HotSpot, where the agent's jar cannot be opened. */
  private static final String JAR_NOT_FOUND = "Agent JAR not found";

  private final long pid;
  private final VirtualMachine jvm;

  private RunningJvm(long pid, VirtualMachine jvm) {
    this.pid = pid;
    this.jvm = jvm;
  }

  /** The JVMs that this user can attach to, but for this one. */
  public static List<Found> list() {
    String own = Long.toString(ProcessHandle.current().pid());
    return VirtualMachine.list().stream()
        .filter(found -> !found.id().equals(own))
        .map(RunningJvm::found)
        .sorted(Comparator.comparingLong(Found::pid))
        .toList();
  }

  private static Found found(VirtualMachineDescriptor found) {
    return new Found(Long.parseLong(found.id()), found.displayName());
  }

  /**
   * Attaches to a JVM, by the number of its process.
   *
   * @throws IOException if that cannot be done
   */
  public static RunningJvm attach(long pid) throws IOException {
    OtherProcess process = new OtherProcess(pid);
    process.refuseIfHopeless();
    try {
      return new RunningJvm(pid, VirtualMachine.attach(Long.toString(pid)));
    } catch (AttachNotSupportedException | IOException e) {
      throw new IOException(
          "cannot attach to process "
              + pid
              + ": "
              + e.getMessage()
              + ". It runs with -XX:+DisableAttachMechanism, is in a container, or stands still;"
              + " jcmd "
              + pid
              + " VM.version shows whether another tool can",
          e);
    }
  }

  /**
   * Has its tasks written, and reads them.
   *
   * @param jar this command's own, which becomes an agent there
   * @throws IOException if that cannot be done
   */
  public DumpedTasks dump(Path jar, DumpFormat format, boolean locals) throws IOException {
    Properties properties = jvm.getSystemProperties();
    refuseIfOld(properties.getProperty("java.specification.version", ""));
    OtherProcess process = new OtherProcess(pid);
    process.refuseIfItCannotSee(jar);
    // As that process sees it: a relative one is relative to where that was started.
    Path directory =
        Path.of(properties.getProperty("user.dir", "/"))
            .resolve(properties.getProperty("java.io.tmpdir", "/tmp"));
    Path file = directory.resolve("weft-tasks-" + UUID.randomUUID());
    DumpedTasks dumped = new DumpedTasks(pid, process.here(file));
    try {
      DumpRequest request = new DumpRequest(format, locals, true, file);
      try {
        jvm.loadAgent(jar.toString(), request.options());
      } catch (AgentInitializationException e) {
        throw new IOException(
            "process " + pid + " has an agent that failed: its standard error says more", e);
      } catch (AgentLoadException | AttachOperationFailedException refused) {
        if (String.valueOf(refused.getMessage()).contains(JAR_NOT_FOUND)) {
          throw new IOException(
              "process " + pid + " cannot read " + jar + ": its user must be allowed to", refused);
        }
        new JmxDump(pid, jvm).write(request, refused);
      }
      dumped.refuseIfFailed();
      return dumped;
    } catch (IOException | RuntimeException | Error e) {
      dumped.close();
      throw e;
    }
  }

  private void refuseIfOld(String version) throws IOException {
    int feature;
    try {
      feature = version.startsWith("1.") ? 8 : Integer.parseInt(version);
    } catch (NumberFormatException unknown) {
      return;
    }
    if (feature < OLDEST_JAVA) {
      throw new IOException(
          "process "
              + pid
              + " runs Java "
              + version
              + "; Weft is for "
              + OLDEST_JAVA
              + " and later");
    }
  }

  @Override
  public void close() throws IOException {
    jvm.detach();
  }
}
