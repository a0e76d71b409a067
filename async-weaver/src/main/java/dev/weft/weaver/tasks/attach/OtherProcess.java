package dev.weft.weaver.tasks.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the operating system says of a process, before anybody attaches to it: an attempt sends it
 * the signal SIGQUIT on most systems, of which what is no JVM dies. What {@code /proc} says is
 * Linux's; elsewhere less is known, and the attempt finds out.
 */
final class OtherProcess {
  private static final long SIGQUIT_BIT = 1L << (3 - 1);
  private static final String CAUGHT = "SigCgt:";
  private static final String INNER_PIDS = "NSpid:";

  private final long pid;
  private final Path proc;

  OtherProcess(long pid) {
    this.pid = pid;
    this.proc = Path.of("/proc", Long.toString(pid));
  }

  void refuseIfHopeless() throws IOException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      throw new IOException("there is no process " + pid + "; without a number, JVMs are listed");
    }
    if (pid == ProcessHandle.current().pid()) {
      throw new IOException("process " + pid + " is this command itself");
    }
    String user = System.getProperty("user.name");
    String owner = process.get().info().user().orElse(user);
    if (!owner.equals(user) && !user.equals("root")) {
      throw new IOException(
          "process "
              + pid
              + " is that of the user "
              + owner
              + ", and only he and root may attach to it: sudo -u "
              + owner
              + " java -jar ...");
    }
    if (!catchesQuit() && !isListening()) {
      throw new IOException(
          "process " + pid + " is no JVM: nothing can attach to it, and trying would end it");
    }
  }

  /** True as well if nobody knows. */
  private boolean catchesQuit() {
    return status(CAUGHT)
        .map(mask -> (Long.parseUnsignedLong(mask, 16) & SIGQUIT_BIT) != 0)
        .orElse(true);
  }

  /** Somebody has attached to it before, or it was started with -Xrs, and listens without. */
  private boolean isListening() {
    return Files.exists(proc.resolve("root/tmp/.java_pid" + innerPid()));
  }

  private String innerPid() {
    List<String> pids = List.of(status(INNER_PIDS).orElse("" + pid).split("\\s+"));
    return pids.get(pids.size() - 1);
  }

  private Optional<String> status(String name) {
    try {
      return Files.readAllLines(proc.resolve("status")).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip())
          .findFirst();
    } catch (IOException | RuntimeException unknown) {
      return Optional.empty();
    }
  }

  void refuseIfItCannotSee(Path jar) throws IOException {
    if (!Files.isReadable(here(jar))) {
      throw new IOException(
          "process "
              + pid
              + " sees other files than this command, as in a container, and not "
              + jar
              + ": copy that into the container, and run the command in there (docker cp, docker"
              + " exec; kubectl cp, kubectl exec)");
    }
  }

  /** Where a file of that process is for this one. */
  Path here(Path file) {
    Path root = proc.resolve("root");
    try {
      if (Files.isSameFile(root, Path.of("/"))) { // also for those who may not look
        return file;
      }
      return root.resolve(file.toString().substring(1));
    } catch (IOException | RuntimeException unknown) { // no /proc, or not ours
      return file;
    }
  }
}
