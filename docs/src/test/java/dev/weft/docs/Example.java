package dev.weft.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;

/**
 * Java that a reader is shown.
 *
 * @param file where, within the repository
 * @param line that of its first line there
 * @param lines what it says
 */
record Example(Path file, int line, List<String> lines) {
  private static final Pattern IN_COMMENT =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n[ *]*}</pre>", Pattern.DOTALL);
  private static final Pattern FILE = Pattern.compile("<!-- \\S+/\\S+\\.java -->\\s*");

  /**
   * Those of a Java file's comments: {@code <pre>} with a {@code code} tag in it. A {@code <pre>}
   * without is a drawing.
   */
  static List<Example> inComments(Path file, String source) {
    List<Example> examples = new ArrayList<>();
    Matcher block = IN_COMMENT.matcher(source);
    while (block.find()) {
      int line = 1 + (int) source.substring(0, block.start(1)).lines().count();
      List<String> lines =
          block.group(1).lines().map(text -> text.replaceFirst("^ *\\* ?", "")).toList();
      examples.add(new Example(file, line, lines));
    }
    return examples;
  }

  /**
   * Those of a page: the fenced blocks that say {@code java} and no more. What cannot be compiled
   * here, for want of its library, says {@code java spring} or the like, or stands under a comment
   * that names the file it is: then {@code BuildsPageTest} compares it with that.
   */
  static List<Example> inPage(Path file, String markdown) {
    List<Example> examples = new ArrayList<>();
    Markdown.parse(markdown)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(FencedCodeBlock block) {
                if ("java".equals(block.getInfo()) && !isOfFile(block)) {
                  int line = block.getSourceSpans().get(0).getLineIndex() + 2;
                  examples.add(new Example(file, line, block.getLiteral().lines().toList()));
                }
              }
            });
    return examples;
  }

  private static boolean isOfFile(FencedCodeBlock block) {
    return block.getPrevious() instanceof HtmlBlock comment
        && FILE.matcher(comment.getLiteral()).matches();
  }

  /** {@code README.md:105}. */
  @Override
  public String toString() {
    return file + ":" + line;
  }

  /**
   * Its parts: what is between empty lines that are not within braces, each with the number of its
   * first line.
   */
  Map<Integer, List<String>> parts() {
    Map<Integer, List<String>> parts = new LinkedHashMap<>();
    int depth = 0;
    List<String> part = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i);
      if (text.isBlank() && depth == 0) {
        part = new ArrayList<>();
        continue;
      }
      if (part.isEmpty()) {
        parts.put(line + i, part);
      }
      part.add(text);
      depth += (int) (text.chars().filter(c -> c == '{').count());
      depth -= (int) (text.chars().filter(c -> c == '}').count());
    }
    return parts;
  }
}
