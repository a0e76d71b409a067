package dev.weft.weaver.gradle;

import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.io.Serializable;

/**
 * The options as they are when the build script has been read. Gradle's configuration cache keeps
 * them between builds; it cannot read a record again (tried with 8.5), so this is none.
 */
final class WeaveSettings implements Serializable {
  private static final long serialVersionUID = 1;

  private final boolean skip;
  private final boolean failOnError;
  private final String engine;
  private final boolean debug;
  private final String diagnostics;

  WeaveSettings(WeaverExtension extension) {
    skip = extension.isSkip();
    failOnError = extension.isFailOnError();
    engine = extension.getEngine();
    debug = extension.isDebug();
    diagnostics = extension.getDiagnostics();
  }

  boolean skip() {
    return skip;
  }

  boolean failOnError() {
    return failOnError;
  }

  /**
   * What the weaver makes of them.
   *
   * @throws IllegalArgumentException if one has a value that there is not; the message says which
   *     there are
   */
  WeaverOptions options() {
    return new WeaverOptions(Engine.named(engine), debug, DiagnosticSeverities.parse(diagnostics));
  }

  /** All of them, so that two of the same text weave the same. */
  @Override
  public String toString() {
    return "skip=%s, failOnError=%s, engine=%s, debug=%s, diagnostics=%s"
        .formatted(skip, failOnError, engine, debug, diagnostics);
  }
}
