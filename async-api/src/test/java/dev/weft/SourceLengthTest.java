package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No source file of any module is long, but a few that say why in their first paragraph. */
class SourceLengthTest {
  private static final int MAX_LINES = 450;

  /** What is longer for a reason, and how many may be. */
  private static final Set<String> LONGER = Set.of("Frame.java", "Link.java");

  private static final int MAX_LONGER = 3;

  /** What is too long. */
  private static final Set<String> UNDIVIDED =
      Set.of(
          "Claims.java",
          "EventLoop.java",
          "MemoryBudget.java",
          "NodeExecutor.java",
          "Outbox.java",
          "Task.java",
          "TcpStream.java",
          "WorkerEventLoop.java");

  /** The first Javadoc comment at the left margin, up to where its second paragraph begins. */
  private static final Pattern FIRST_PARAGRAPH =
      Pattern.compile(
          "^/\\*\\*(.*?)(<p>|<h2>|<pre>|<ul>|\\*/)", Pattern.DOTALL | Pattern.MULTILINE);

  private static Map<String, List<String>> longFiles() throws IOException {
    Map<String, List<String>> files = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
      for (Path module : modules.toList()) {
        Path sources = module.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
          addLong(sources, files);
        }
      }
    }
    return files;
  }

  private static void addLong(Path sources, Map<String, List<String>> files) throws IOException {
    try (Stream<Path> found = Files.walk(sources)) {
      for (Path file : found.filter(path -> path.toString().endsWith(".java")).toList()) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > MAX_LINES) {
          files.put(file.getFileName().toString(), lines);
        }
      }
    }
  }

  @Test
  void onlyTheNamedOnesAreLong() throws IOException {
    Map<String, Integer> lengths = new TreeMap<>();
    longFiles().forEach((name, lines) -> lengths.put(name, lines.size()));
    Set<String> named = new TreeSet<>(LONGER);
    named.addAll(UNDIVIDED);
    assertThat(lengths)
        .as("files of more than %s lines", MAX_LINES)
        .containsOnlyKeys(named.toArray(new String[0]));
    assertThat(LONGER).hasSizeLessThanOrEqualTo(MAX_LONGER);
  }

  @Test
  void theySayWhy() throws IOException {
    Map<String, List<String>> files = longFiles();
    for (String name : LONGER) {
      Matcher paragraph = FIRST_PARAGRAPH.matcher(String.join("\n", files.get(name)));
      assertThat(paragraph.find()).as(name).isTrue();
      String text = paragraph.group(1).replaceAll("\\s*\n \\*\\s*", " ");
      assertThat(text).as(name).containsIgnoringCase("longer than");
    }
  }
}
