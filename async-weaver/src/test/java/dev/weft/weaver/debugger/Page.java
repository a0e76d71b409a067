package dev.weft.weaver.debugger;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/debugging.md}: the program that it shows, and listings of what tools say of it, which
 * are made by tests. With the system property {@code debugging.write} they are written anew.
 */
final class Page {
  private static final Path FILE = Path.of("..", "docs", "debugging.md");

  private static final Pattern PROGRAM =
      Pattern.compile("(?s)```java shop/Shop\\.java\n(.*?)```\n");

  private static final String COMMAND =
      "mvn test -pl async-weaver -am -Dtest='JdbTest,FlightRecorderTest'"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvms=1 -DargLine=-Ddebugging.write=true";

  private Page() {}

  /** The source of {@code shop.Shop}. */
  static String program() throws IOException {
    Matcher program = PROGRAM.matcher(Files.readString(FILE));
    if (!program.find()) {
      throw new AssertionError("no program in " + FILE);
    }
    return program.group(1);
  }

  /** Compares a listing, or writes it. */
  static void shows(String name, String listing) throws IOException {
    String text = Files.readString(FILE);
    Matcher shown =
        Pattern.compile(
                "(?s)(<!-- shown: " + Pattern.quote(name) + " -->\n```\n)(.*?)(```\n<!-- end -->)")
            .matcher(text);
    if (!shown.find()) {
      throw new AssertionError(
          "no listing " + name + " in " + FILE + ", which would be\n" + listing);
    }
    if (shown.group(2).equals(listing)) {
      return;
    }
    if (Boolean.getBoolean("debugging.write")) {
      Files.writeString(
          FILE, text.substring(0, shown.start(2)) + listing + text.substring(shown.end(2)));
      return;
    }
    fail(
        """
        docs/debugging.md shows for %s
        %s
        and has to show
        %s
        Look whether that is meant, and whether the text around it is still true; then write it anew:
          %s
        """
            .formatted(name, shown.group(2), listing, COMMAND));
  }
}
