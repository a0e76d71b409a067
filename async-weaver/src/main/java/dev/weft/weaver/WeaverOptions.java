package dev.weft.weaver;

/**
 * How to weave.
 *
 * <pre>{@code
 * WeaverOptions forDebugger = WeaverOptions.DEFAULT.withDebug(true);
 * Weaver weaver = new Weaver(ClassSource.of(loader), FrameMode.CLASS_FILES, forDebugger);
 * }</pre>
 *
 * @param engine what turns methods into the frame form
 * @param debug true to keep every local variable in scope alive across an await, for debuggers,
 *     where otherwise only those are kept that the method still reads
 * @param severities what becomes of the warnings
 */
public record WeaverOptions(Engine engine, boolean debug, DiagnosticSeverities severities) {
  /** {@link Engine#AUTO}, live locals only, and warnings that are warnings. */
  public static final WeaverOptions DEFAULT =
      new WeaverOptions(Engine.AUTO, false, DiagnosticSeverities.DEFAULT);

  /** These options with another engine. */
  public WeaverOptions withEngine(Engine other) {
    return new WeaverOptions(other, debug, severities);
  }

  /** These options with {@link #debug} set or cleared. */
  public WeaverOptions withDebug(boolean on) {
    return new WeaverOptions(engine, on, severities);
  }

  /** These options with other severities. */
  public WeaverOptions withSeverities(DiagnosticSeverities other) {
    return new WeaverOptions(engine, debug, other);
  }
}
