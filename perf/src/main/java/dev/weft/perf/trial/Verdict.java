package dev.weft.perf.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was promised and did not hold. Used by one thread. */
final class Verdict {
  private final List<String> failures = new ArrayList<>();

  /**
   * Notes a promise.
   *
   * @param holds whether it was kept
   * @param failure what is to be said if not, as for {@link String#format}
   */
  void that(boolean holds, String failure, @Nullable Object... figures) {
    if (!holds) {
      failures.add(String.format(Locale.ROOT, failure, figures));
    }
  }

  /** Whether every promise was kept. */
  boolean holds() {
    return failures.isEmpty();
  }

  /** For a table's last column. */
  @Override
  public String toString() {
    return holds() ? "holds" : "FAILS: " + String.join("; ", failures);
  }
}
