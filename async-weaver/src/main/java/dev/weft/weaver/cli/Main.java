package dev.weft.weaver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code async-weaver-agent.jar}. */
@Command(
    name = "java -jar async-weaver-agent.jar",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {WeaveCommand.class, ExplainCommand.class, TasksCommand.class},
    synopsisSubcommandLabel = "(weave | explain | tasks)",
    header = "Turns Java methods that await into state machines, and shows those that wait.",
    footer = {
      "",
      "Examples:",
      "  java -jar async-weaver-agent.jar weave target/classes --classpath async-api.jar",
      "      weaves what a compiler has just written",
      "  java -jar async-weaver-agent.jar explain com.example.Shop --classpath target/classes",
      "      shows what its async methods save at each await",
      "  java -jar async-weaver-agent.jar tasks 4711 --tree",
      "      shows what each task in the JVM of process 4711 waits for",
      "  java -javaagent:async-weaver-agent.jar ...",
      "      weaves classes while they are loaded, instead",
      "",
      "Exit codes: 0 done, 1 something could not be woven or read, 2 the command is wrong."
    })
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(printer(System.out), printer(System.err), arguments));
  }

  private static PrintWriter printer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Runs a command; returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(
            (error, given) -> wrongCommand(error.getCommandLine(), error.getMessage()))
        .setExecutionExceptionHandler((error, command, given) -> failed(command, error))
        .execute(arguments);
  }

  /** Called when no command is given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: weave, explain or tasks");
  }

  private static int wrongCommand(CommandLine command, @Nullable String message) {
    String firstLine = String.valueOf(message).lines().findFirst().orElse("");
    command
        .getErr()
        .println(firstLine + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
    return ExitCode.USAGE;
  }

  private static int failed(CommandLine command, Exception error) throws Exception {
    if (error instanceof IOException || error instanceof UncheckedIOException) {
      command.getErr().println(error.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw error; // a bug: its stack trace is worth having
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in = Main.class.getResourceAsStream("version.txt")) {
        String version =
            in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        return new String[] {"async-weaver " + version};
      }
    }
  }
}
