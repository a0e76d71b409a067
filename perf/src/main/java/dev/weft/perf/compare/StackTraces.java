package dev.weft.perf.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has programs print a stack trace: {@code outer} awaits {@code middle}, which awaits {@code
 * inner}, which suspends, is resumed, and then fails. Which of the three does its trace name?
 */
final class StackTraces {
  private static final int SECONDS = 30;
  private static final Pattern FUNCTION = Pattern.compile("\\b(inner|middle|outer)\\b");

  /**
   * What one of them names.
   *
   * @param program whose trace it is
   * @param functions those of the three that it names, the innermost first
   */
  record Seen(String program, List<String> functions) {
    /** Whether it names all three. */
    boolean isWhole() {
      return functions.containsAll(List.of("inner", "middle", "outer"));
    }
  }

  private StackTraces() {}

  /** Runs those programs that can run here. */
  static List<Seen> look(List<Contender> all, Path peers) throws InterruptedException {
    List<Seen> seen = new ArrayList<>();
    for (Contender contender : all) {
      if (contender.missing() == null) {
        switch (contender.name()) {
          case "weft-epoll", "virtual-threads", "tokio" -> look(seen, contender);
          case "node" ->
              run(
                  seen,
                  contender.title(),
                  List.of("node", peers.resolve("node/trace.js").toString()));
          default -> {}
        }
      }
    }
    return seen;
  }

  private static void look(List<Seen> seen, Contender contender) throws InterruptedException {
    List<String> command = new ArrayList<>(contender.command());
    command.add("--trace");
    run(seen, contender.title(), command);
  }

  private static void run(List<Seen> seen, String title, List<String> command)
      throws InterruptedException {
    try {
      Path out = Files.createTempFile("trace-", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor(SECONDS, TimeUnit.SECONDS);
        }
        if (process.exitValue() != 0) {
          throw new IOException("it ended with " + process.exitValue());
        }
        seen.add(new Seen(title, functionsIn(Files.readString(out, StandardCharsets.UTF_8))));
      } finally {
        Files.delete(out);
      }
    } catch (IOException e) {
      System.out.println("skipped: the stack trace of " + title + ": " + e.getMessage());
    }
  }

  static List<String> functionsIn(String trace) {
    List<String> functions = new ArrayList<>();
    Matcher found = FUNCTION.matcher(trace);
    while (found.find()) {
      if (!functions.contains(found.group(1))) {
        functions.add(found.group(1));
      }
    }
    return functions;
  }
}
