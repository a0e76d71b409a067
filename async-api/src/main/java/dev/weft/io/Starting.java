package dev.weft.io;

import java.io.File;
import java.io.IOException;

/** The start of a program. */
final class Starting extends Opened<AsyncProcess> {
  private final ProcessBuilder builder;
  private final AsyncProcessBuilder.Options options;

  Starting(ProcessBuilder builder, AsyncProcessBuilder.Options options) {
    this.builder = builder;
    this.options = options;
  }

  @Override
  protected AsyncProcess open() throws IOException {
    if (options.name().isEmpty()) {
      throw new IOException("cannot run a program without a name: the command is empty");
    }
    try {
      return new AsyncProcess(builder.start(), options);
    } catch (IOException error) {
      throw new IOException("cannot run " + options.name() + ": " + reason(error), error);
    }
  }

  /** The JDK says "No such file or directory" of the program and of the directory alike. */
  private String reason(IOException error) {
    File directory = builder.directory();
    if (directory != null && !directory.isDirectory()) {
      return "its directory " + directory + " is not there, or is none";
    }
    File program = new File(options.name());
    if (program.getParent() == null) {
      return isNotFound(error)
          ? "no such program in the directories of PATH: install it, or give its path"
          : String.valueOf(error.getMessage());
    }
    // The child resolves it in its own directory.
    File found =
        program.isAbsolute() || directory == null
            ? program
            : new File(directory, program.getPath());
    if (!found.exists()) {
      return "no such file: give the path of a program that is there, or its name alone to have it"
          + " looked up in PATH";
    }
    if (found.isDirectory()) {
      return "it is a directory";
    }
    return found.canExecute()
        ? error.getMessage()
            + ". Is it a program for this machine, or a script whose first line"
            + " names its interpreter?"
        : "the file may not be executed: chmod +x makes it a program";
  }

  private static boolean isNotFound(IOException error) {
    String message = String.valueOf(error.getMessage());
    return message.contains("error=2,") || message.contains("error: 2 ");
  }

  @Override
  protected void discard(AsyncProcess started) {
    started.closeAsync();
  }
}
