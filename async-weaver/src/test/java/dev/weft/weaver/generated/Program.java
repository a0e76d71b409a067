package dev.weft.weaver.generated;

import java.util.regex.Pattern;

/**
 * A generated program.
 *
 * @param seed what it was generated from
 * @param release the release of the language that it is written in
 * @param tree all of its class
 */
record Program(long seed, int release, Tree tree) {
  static final String PACKAGE = "generated";

  /** Where a program's own name stands in its text. */
  static final String NAME = "NAME";

  private static final Pattern OWN_NAME = Pattern.compile("\\b" + NAME + "\\b");

  Program with(Tree smaller) {
    return new Program(seed, release, smaller);
  }

  /** The source, as a class of this name in {@link #PACKAGE}. */
  String source(String name) {
    String text =
        """
        package generated;

        import static dev.weft.Async.await;

        import dev.weft.Async;
        import dev.weft.Task;
        import dev.weft.stream.AsyncStream;
        import dev.weft.weaver.generated.Probe;
        import dev.weft.weaver.generated.Vocabulary;
        import dev.weft.weaver.generated.Vocabulary.*;
        import java.util.List;
        import java.util.concurrent.CompletableFuture;
        import java.util.concurrent.CompletionStage;

        """
            + tree.text();
    return indented(OWN_NAME.matcher(text).replaceAll(name));
  }

  private static String indented(String text) {
    StringBuilder indented = new StringBuilder();
    int depth = 0;
    for (String line : text.split("\n")) {
      String trimmed = line.trim();
      if (trimmed.isEmpty() && depth > 0) {
        continue;
      }
      int leading = trimmed.startsWith("}") ? 1 : 0;
      indented.append("  ".repeat(Math.max(0, depth - leading))).append(trimmed).append('\n');
      depth += balance(trimmed);
    }
    return indented.toString();
  }

  private static int balance(String line) {
    int balance = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '{') {
        balance++;
      } else if (!quoted && c == '}') {
        balance--;
      }
    }
    return balance;
  }
}
