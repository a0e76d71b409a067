package dev.weft.weaver.debugger;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code docs/debugging.md} says that a debugger shows is what jdb shows, for both engines.
 */
class JdbTest {
  private static final Map<String, WeaverOptions> WOVEN = new LinkedHashMap<>();

  static {
    WOVEN.put("ea", WeaverOptions.DEFAULT.withEngine(Engine.EA));
    WOVEN.put("debug", WeaverOptions.DEFAULT.withDebug(true));
  }

  private static final String PRINT = "print ";

  private static final List<String> RESUMING = List.of("run", "cont", "next");

  /** Where Weft calls the program: its frames, and the JDK's below them, are not the page's. */
  private static final Pattern BELOW = Pattern.compile("\\s*\\[\\d+] (?:dev\\.weft|java)\\..*");

  /** A lambda as an object; each JDK has another name for its class. */
  private static final Pattern LAMBDA = Pattern.compile("\\s*\\[\\d+] \\S+\\$\\$Lambda.*");

  @TempDir Path root;

  @BeforeEach
  void findJdb() {
    assumeTrue(Files.exists(Jdb.executable()), "this JDK has no jdb: " + Jdb.executable());
  }

  /** Runs commands; what they answer, as the page has it. */
  private String session(String woven, String... commands) throws IOException {
    ShownProgram program = new ShownProgram(root, WOVEN.get(woven));
    StringBuilder listing = new StringBuilder();
    try (Jdb jdb = Jdb.start(program.sources(), program.classPath(), ShownProgram.MAIN)) {
      for (String command : commands) {
        listing.append("> ").append(command).append('\n').append(shown(command, say(jdb, command)));
      }
    }
    return listing.toString();
  }

  private static String say(Jdb jdb, String command) throws IOException {
    if (RESUMING.contains(command)) {
      return jdb.sayAndWait(command);
    }
    return command.startsWith(PRINT)
        ? jdb.evaluate(command.substring(PRINT.length()))
        : jdb.say(command);
  }

  private static String shown(String command, String answer) {
    List<String> lines = answer.lines().filter(line -> !line.isBlank()).toList();
    return switch (command.split(" ", 2)[0]) {
      case "stop" -> "";
      case "where" -> stack(lines);
      case "run", "cont", "next" -> event(lines);
      default -> joined(lines.stream().map(String::strip).toList());
    };
  }

  private static String stack(List<String> lines) {
    return joined(
            lines.stream()
                .takeWhile(line -> !BELOW.matcher(line).matches())
                .filter(line -> !LAMBDA.matcher(line).matches())
                .toList())
        + "  ...\n";
  }

  private static String event(List<String> lines) {
    int event = 0;
    while (!lines.get(event).contains(", line=")) {
      event++;
    }
    String where =
        lines.get(event).replaceAll("\"thread=[^\"]*\", ", "").replaceAll(" bci=\\d+", "");
    return joined(Arrays.asList(where, lines.get(event + 1)));
  }

  private static String joined(List<String> lines) {
    StringBuilder joined = new StringBuilder();
    lines.forEach(line -> joined.append(line.stripTrailing()).append('\n'));
    return joined.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ea", "debug"})
  void aStepOverAnAwaitInPlaceEndsOnTheNextLine(String woven) throws IOException {
    Page.shows(
        "in place, " + woven,
        session(
            woven,
            "stop at shop.Shop:20",
            "run",
            "where",
            "print java.lang.Class.forName(\"dev.weft.Async\")",
            "print dev.weft.Async.awaitInPlace()",
            "next",
            "locals",
            "where",
            "next"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ea", "debug"})
  void aStepOverAnAwaitThatSuspendsLeavesTheMethod(String woven) throws IOException {
    Page.shows("suspending, " + woven, session(woven, "stop at shop.Shop:20", "run", "next"));
  }

  @ParameterizedTest
  @ValueSource(strings = "debug")
  void aBreakpointBehindTheAwaitIsHitWhenTheMethodGoesOn(String woven) throws IOException {
    Page.shows(
        "behind, " + woven,
        session(
            woven,
            "stop at shop.Shop:20",
            "run",
            "stop at shop.Shop:21",
            "cont",
            "locals",
            "where"));
  }
}
