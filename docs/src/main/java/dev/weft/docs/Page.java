package dev.weft.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/**
 * A Markdown file that becomes a page.
 *
 * @param source its path within the repository
 * @param document what it says
 * @param sections its headings, in order
 * @param anchors other places that links may lead to: ids in HTML
 */
record Page(Path source, Node document, List<Section> sections, Set<String> anchors) {
  private static final Pattern ID = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");

  /**
   * A heading, to which links may lead.
   *
   * @param level from 1
   * @param title its text
   * @param id the anchor that it has on GitHub, so that one link is right in both places
   */
  record Section(Heading heading, int level, String title, String id) {}

  static Page of(Path source, Node document) {
    List<Section> sections = new ArrayList<>();
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> taken = new HashMap<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            String title = textOf(heading);
            String slug = slug(title);
            int before = taken.merge(slug, 1, Integer::sum) - 1;
            String id = before == 0 ? slug : slug + "-" + before;
            sections.add(new Section(heading, heading.getLevel(), title, id));
          }

          @Override
          public void visit(HtmlBlock html) {
            ID.matcher(html.getLiteral()).results().forEach(id -> anchors.add(id.group(1)));
          }

          @Override
          public void visit(HtmlInline html) {
            ID.matcher(html.getLiteral()).results().forEach(id -> anchors.add(id.group(1)));
          }
        });
    return new Page(source, document, List.copyOf(sections), Set.copyOf(anchors));
  }

  /** The first heading; the file's name if there is none. */
  String title() {
    return sections.isEmpty() ? source.getFileName().toString() : sections.get(0).title();
  }

  boolean hasAnchor(String id) {
    return anchors.contains(id) || sections.stream().anyMatch(section -> section.id().equals(id));
  }

  /**
   * As GitHub makes it: in lower case, without what is neither a letter, a digit, a hyphen nor an
   * underscore, and with hyphens for spaces.
   */
  static String slug(String title) {
    StringBuilder slug = new StringBuilder();
    title
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> Character.isLetterOrDigit(c) || c == ' ' || c == '-' || c == '_')
        .map(c -> c == ' ' ? '-' : c)
        .forEach(slug::appendCodePoint);
    return slug.toString();
  }

  private static String textOf(Node node) {
    StringBuilder text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }
        });
    return text.toString();
  }
}
