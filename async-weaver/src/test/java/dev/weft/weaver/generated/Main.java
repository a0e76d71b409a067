package dev.weft.weaver.generated;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code async-weaver/generated}. */
@Command(
    name = "generated",
    mixinStandardHelpOptions = true,
    description =
        "Generates async programs, weaves them with each engine, and compares their runs with"
            + " blocking ones. Exits with 1 if one differs, is invalid or is refused by an engine"
            + " that must take it; such a program is shrunk and kept in the folder of --failures.")
public final class Main implements Callable<Integer> {
  @Option(names = "--count", defaultValue = "1000", description = "programs (${DEFAULT-VALUE})")
  int count;

  @Option(names = "--seed", description = "the first program's seed; the others follow (random)")
  @Nullable Long seed;

  @Option(names = "--compiler", defaultValue = "javac", description = "javac or ecj (javac)")
  String compiler = "javac";

  @Option(names = "--release", description = "language and class files (the newest possible)")
  @Nullable Integer release;

  @Option(names = "--print", description = "only print the program of the seed")
  boolean print;

  @Option(
      names = "--failures",
      defaultValue = "target/generated-failures",
      description = "where failing programs go (${DEFAULT-VALUE})")
  Path failures = Path.of("target/generated-failures");

  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new Main());
    System.exit(command.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    ProgramCompiler.Kind kind =
        ProgramCompiler.Kind.valueOf(compiler.toUpperCase(java.util.Locale.ROOT));
    int language = release == null ? kind.newestRelease() : release;
    long first = seed == null ? new java.util.Random().nextInt(Integer.MAX_VALUE) : seed;
    if (print) {
      System.out.println(ProgramGenerator.generate(first, language).source("P" + first));
      return 0;
    }
    Campaign campaign = new Campaign(kind, language, failures, System.out::println);
    List<String> failed = campaign.run(first, count);
    return failed.isEmpty() ? 0 : 1;
  }
}
