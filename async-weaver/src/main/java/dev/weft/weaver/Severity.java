package dev.weft.weaver;

import java.util.Locale;

/**
 * What a diagnostic does to the weaving of its class.
 *
 * <pre>{@code
 * boolean warned =
 *     result.diagnostics().stream().anyMatch(found -> found.severity() == Severity.WARNING);
 * }</pre>
 */
public enum Severity {
  /** The class is not woven, and a build fails. */
  ERROR,
  /** Said, and nothing else. */
  WARNING,
  /** Not even said. */
  OFF;

  /** As options and messages write it: {@code error}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
