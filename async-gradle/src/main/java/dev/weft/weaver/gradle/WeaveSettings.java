package dev.weft.weaver.gradle;

import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.io.Serializable;

/**
 * The options as they are when the build script has been read. Serializable, as a task's action has
 * to be that Gradle may keep between builds.
 */
record WeaveSettings(
    boolean skip, boolean failOnError, String engine, boolean debug, String diagnostics)
    implements Serializable {
  static WeaveSettings of(WeaverExtension extension) {
    return new WeaveSettings(
        extension.isSkip(),
        extension.isFailOnError(),
        extension.getEngine(),
        extension.isDebug(),
        extension.getDiagnostics());
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
}
