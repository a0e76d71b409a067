package dev.weft.weaver.tasks.heap;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands in the sources.
 *
 * @param line 0 if it is not known
 * @param state of the await that it is, where the line is not known; else 0
 */
record Place(String type, String method, @Nullable String file, int line, int state) {
  private static final int BEFORE_LINES = 3;
  private static final int SITE_PARTS = 4;

  /** Between a class's name and a method's, in the name of a frame class. */
  static final String FRAME_MARK = "$weft$";

  /** What is behind the name of a hidden class, or of one that has another name beside it. */
  private static final String SUFFIX = "[./+](0x)?[0-9a-f]+$";

  /**
   * The await with a state.
   *
   * @param table as the weaver has written it: class, method, file, and the line of each state,
   *     separated by tabs
   */
  static Place ofAwait(String table, int state) {
    String[] parts = table.split("\t", -1);
    int at = BEFORE_LINES + state - 1;
    int line = state > 0 && at < parts.length ? number(parts[at]) : 0;
    return parts.length < BEFORE_LINES
        ? new Place(table, "<unknown>", null, 0, state)
        : new Place(parts[0], parts[1], parts[2].isEmpty() ? null : parts[2], line, 0);
  }

  /** The await with a state, in a frame class that was woven before it had its table in a field. */
  static Place ofAwaitIn(String frameClass, int state) {
    String name = frameClass.replaceFirst(SUFFIX, "");
    int mark = name.lastIndexOf(FRAME_MARK);
    return mark < 0
        ? new Place(name, "<unknown>", null, 0, state)
        : new Place(
            name.substring(0, mark), name.substring(mark + FRAME_MARK.length()), null, 0, state);
  }

  /** Where a task was spawned: class, method, file and line, separated by tabs. */
  static Place ofSpawn(String site) {
    String[] parts = site.split("\t", -1);
    return parts.length == SITE_PARTS
        ? new Place(parts[0], parts[1], parts[2].isEmpty() ? null : parts[2], number(parts[3]), 0)
        : new Place(parts[0], "<spawned>", null, 0, 0);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException damaged) {
      return 0;
    }
  }

  /** As in a stack trace. */
  @Override
  public String toString() {
    return state > 0
        ? type + "." + method + "(state " + state + ")"
        : new StackTraceElement(type, method, file, line > 0 ? line : -1).toString();
  }
}
