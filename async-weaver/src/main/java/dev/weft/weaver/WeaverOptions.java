package dev.weft.weaver;

/**
 * How to weave.
 *
 * @param engine what turns methods into the frame form
 * @param debug true to keep every local variable in scope alive across an await, for debuggers,
 *     where otherwise only those are kept that the method still reads
 */
public record WeaverOptions(Engine engine, boolean debug) {
  /** {@link Engine#AUTO}, and live locals only. */
  public static final WeaverOptions DEFAULT = new WeaverOptions(Engine.AUTO, false);

  /** These options with another engine. */
  public WeaverOptions withEngine(Engine other) {
    return new WeaverOptions(other, debug);
  }

  /** These options with {@link #debug} set or cleared. */
  public WeaverOptions withDebug(boolean on) {
    return new WeaverOptions(engine, on);
  }
}
