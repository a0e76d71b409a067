package dev.weft.weaver.tasks.attach;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is asked for: {@code tasks=json+locals:/tmp/tasks.json}.
 *
 * @param locals whether to say which AsyncLocals the tasks have
 * @param quiet whether it is a command that asks: it reads what went wrong from a file of its own,
 *     and the other JVM's log has nothing of it
 * @param file must not exist
 */
record DumpRequest(DumpFormat format, boolean locals, boolean quiet, Path file) {
  private static final String START = "tasks=";
  private static final String LOCALS = "locals";
  private static final String QUIET = "quiet";

  static boolean isOne(@Nullable String options) {
    return options != null && options.startsWith(START);
  }

  /**
   * Reads the agent's options.
   *
   * @throws IllegalArgumentException if they are not of that form
   */
  static DumpRequest parse(String options) {
    int colon = options.indexOf(':');
    String what = colon < 0 ? "" : options.substring(START.length(), colon);
    String file = options.substring(colon + 1);
    List<String> words = List.of(what.split("\\+"));
    for (DumpFormat format : DumpFormat.values()) {
      List<String> more = words.subList(1, words.size());
      if (format.word().equals(words.get(0))
          && List.of(LOCALS, QUIET).containsAll(more)
          && !file.isEmpty()) {
        return new DumpRequest(format, more.contains(LOCALS), more.contains(QUIET), Path.of(file));
      }
    }
    throw new IllegalArgumentException(
        "weft agent: cannot read the option '"
            + options
            + "'. There are tasks=text:FILE, tasks=tree:FILE and tasks=json:FILE, each also with"
            + " +locals behind the format, as in tasks=text+locals:/tmp/tasks.txt");
  }

  String options() {
    return START
        + format.word()
        + (locals ? "+" + LOCALS : "")
        + (quiet ? "+" + QUIET : "")
        + ":"
        + file;
  }

  /** Where it is said what went wrong, if it is a command that asks. */
  Path failure() {
    return failureOf(file);
  }

  static Path failureOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".failed");
  }
}
