package dev.weft.weaver.generated;

import java.util.List;

/**
 * What was seen of one run.
 *
 * @param trace what the program logged
 * @param result what it returned or threw, or {@link #STUCK}
 * @param completedLater how many futures were not complete when the program got them
 */
record Outcome(List<String> trace, String result, int completedLater) {
  static final String STUCK = "(stuck)";

  boolean isLike(Outcome other) {
    return result.equals(other.result) && trace.equals(other.trace);
  }

  boolean isStuck() {
    return result.equals(STUCK);
  }

  boolean mentionsLinkageError() {
    return trace.stream().anyMatch(line -> line.contains("java.lang.VerifyError"));
  }

  /** Where another run goes another way. */
  String differenceTo(Outcome other) {
    int common = 0;
    while (common < Math.min(trace.size(), other.trace.size())
        && trace.get(common).equals(other.trace.get(common))) {
      common++;
    }
    return "after "
        + common
        + " equal lines of the trace expected "
        + rest(common)
        + " but was "
        + other.rest(common);
  }

  private String rest(int from) {
    List<String> next = trace.subList(from, Math.min(from + 4, trace.size()));
    return next + (from + 4 >= trace.size() ? " -> " + result : " ..");
  }
}
