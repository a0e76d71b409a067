package dev.weft.weaver;

import java.util.Comparator;

/**
 * Why something was not woven, or what is risky about it.
 *
 * <pre>{@code
 * for (Diagnostic diagnostic : weaver.weave(classFile).diagnostics()) {
 *   System.err.println(diagnostic); // Shop.java:12: error: [WEFT009] ...
 * }
 * }</pre>
 *
 * @param file the source file's name, or the class's where the class file does not tell it
 * @param line the line in it, or 0 where the class file does not tell it
 * @param code its kind
 * @param severity what it means for the class, never {@link Severity#OFF}
 * @param message what is wrong and what to do
 */
public record Diagnostic(
    String file, int line, DiagnosticCode code, Severity severity, String message)
    implements Comparable<Diagnostic> {
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(Diagnostic::file)
          .thenComparingInt(Diagnostic::line)
          .thenComparing(Diagnostic::code)
          .thenComparing(Diagnostic::message);

  /** With the severity that the code has by itself. */
  public Diagnostic(String file, int line, DiagnosticCode code, String message) {
    this(file, line, code, code.severity(), message);
  }

  /** True if it keeps the class from being woven. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code File.java:12: error: [WEFT009] message}, as javac prints its own. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line : file;
    return place + ": " + severity + ": [" + code + "] " + message;
  }

  /** By file, line and number. */
  @Override
  public int compareTo(Diagnostic other) {
    return BY_PLACE.compare(this, other);
  }
}
