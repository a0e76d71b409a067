package dev.weft.weaver.cli;

import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how to weave. */
final class WeavingOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description =
          "What lowers the methods: auto (EA Async what it splits right, direct the others), ea or"
              + " direct. Default: auto.")
  private String engine = Engine.AUTO.toString();

  @Option(
      names = "--debug",
      description =
          "Keep every local variable in scope alive across an await, for a debugger to show.")
  private boolean debug;

  @Option(
      names = "--diagnostics",
      paramLabel = "SETTINGS",
      description =
          "What becomes of warnings, for example warnings=error,WEFT041=off. A severity is error,"
              + " warning or off.")
  private String diagnostics = "";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  WeaverOptions read() {
    try {
      return new WeaverOptions(
          Engine.named(engine), debug, DiagnosticSeverities.parse(diagnostics));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
