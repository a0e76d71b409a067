package dev.weft.weaver;

/** A method cannot be woven, for a reason that its author should read. */
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
