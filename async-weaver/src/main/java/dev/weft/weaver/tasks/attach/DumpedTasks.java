package dev.weft.weaver.tasks.attach;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tasks that another JVM has written to a file, which is deleted when this is closed. */
public final class DumpedTasks implements Closeable {
  private final long pid;
  private final Path file;

  /** Should this command be ended in the midst of it. */
  private final Thread deleting = new Thread(this::delete);

  DumpedTasks(long pid, Path file) {
    this.pid = pid;
    this.file = file;
    Runtime.getRuntime().addShutdownHook(deleting);
  }

  void refuseIfFailed() throws IOException {
    Path failure = DumpRequest.failureOf(file);
    if (Files.exists(failure)) {
      throw new IOException("process " + pid + ": " + Files.readString(failure));
    }
    if (!Files.exists(file)) {
      throw new IOException(
          "process "
              + pid
              + " has written nothing to "
              + file
              + ". Either it cannot, as its log says; or an agent of another version of the weaver"
              + " is in it, and does not know what is asked; or it is in a container, and the"
              + " command has to be run in there");
    }
  }

  /** What was written. */
  public Reader open() throws IOException {
    return Files.newBufferedReader(file);
  }

  private void delete() {
    for (Path one :
        new Path[] {
          file, DumpRequest.failureOf(file), file.resolveSibling(file.getFileName() + ".part")
        }) {
      try {
        Files.deleteIfExists(one);
      } catch (IOException e) {
        // Another user's, whom it is left to.
      }
    }
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(deleting);
    } catch (IllegalStateException ending) {
      // It runs, and deletes nothing more.
    }
  }
}
