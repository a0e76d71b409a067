package dev.weft.weaver.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text in Markdown: where it can be linked to, and where it links to. */
final class MarkdownFile {
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern INLINE = Pattern.compile("]\\(([^()\\s]+)\\)");
  private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[([^]]+)]: (\\S+)$");
  private static final Pattern REFERENCE =
      Pattern.compile("\\[([^\\[\\]]+)](?:\\[([^]]*)])?(?!\\()");

  private final Path file;
  private final String text;

  /** Without what is no Markdown: code and comments. */
  private final String prose;

  MarkdownFile(Path file) throws IOException {
    this.file = file;
    text = FENCED.matcher(COMMENT.matcher(Files.readString(file)).replaceAll("")).replaceAll("");
    prose = CODE.matcher(text).replaceAll("`code`");
  }

  /** The anchor that GitHub gives a heading. */
  static String anchorOf(String heading) {
    String text = heading.replaceAll("\\[([^]]+)]\\([^)]*\\)", "$1").strip();
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  /** The anchors of its headings. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> times = new HashMap<>();
    Matcher heading = HEADING.matcher(text);
    while (heading.find()) {
      String anchor = anchorOf(heading.group(1));
      int before = times.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  /** What it links to, other than on the web. */
  List<String> targets() {
    List<String> targets = new ArrayList<>();
    INLINE.matcher(prose).results().forEach(link -> targets.add(link.group(1)));
    DEFINITION.matcher(text).results().forEach(link -> targets.add(link.group(2)));
    targets.removeIf(target -> target.matches("(https?|mailto):.*"));
    return targets;
  }

  /** The definitions {@code [name]: target} that no link of it uses. */
  List<String> unusedDefinitions() {
    Set<String> used = new HashSet<>();
    String links = DEFINITION.matcher(text).replaceAll("");
    Matcher reference = REFERENCE.matcher(links);
    while (reference.find()) {
      String name = reference.group(2);
      used.add(plain(name == null || name.isEmpty() ? reference.group(1) : name));
    }
    List<String> unused = new ArrayList<>();
    Matcher definition = DEFINITION.matcher(text);
    while (definition.find()) {
      if (!used.contains(plain(definition.group(1)))) {
        unused.add(definition.group(1));
      }
    }
    return unused;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  /** The file that a link without its anchor leads to. */
  Path resolve(String target) {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    return path.isEmpty() ? file : file.resolveSibling(path).normalize();
  }

  Path path() {
    return file;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
