package dev.weft.weaver;

/**
 * A method cannot be woven, for a reason that its author should read.
 *
 * <p>Inside the weaver. Who calls it finds the same as a diagnostic:
 *
 * <pre>{@code
 * try {
 *   throw new Refusal(DiagnosticCode.MAIN, 12, "main cannot await: it returns no future");
 * } catch (Refusal refusal) {
 *   System.err.println(refusal.in("Shop.java")); // Shop.java:12: error: [WEFT004] main ...
 * }
 * }</pre>
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final DiagnosticCode code;
  private final int line;

  /**
   * @param code its kind
   * @param line the source line at fault, or 0 if it is not known
   * @param message what is wrong and what to do
   */
  public Refusal(DiagnosticCode code, int line, String message) {
    super(message, null, false, false);
    this.code = code;
    this.line = line;
  }

  /** Its kind. */
  public DiagnosticCode code() {
    return code;
  }

  /** The source line at fault, or 0. */
  public int line() {
    return line;
  }

  /** This refusal as a message about a file. */
  public Diagnostic in(String file) {
    return new Diagnostic(file, line, code, String.valueOf(getMessage()));
  }
}
