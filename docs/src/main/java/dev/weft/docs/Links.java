package dev.weft.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.commonmark.node.Code;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.jspecify.annotations.Nullable;

/**
 * Turns the links of the repository into those of the site, and keeps account of what they lead to:
 * what is no page has to be shown, too.
 */
final class Links {
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.*|//.*");
  private static final Pattern IMAGE = Pattern.compile(".*\\.(png|svg|jpe?g|gif|webp)");

  private final Repository repository;
  private final Map<Path, Page> pages;
  private final Set<Path> files = new TreeSet<>();
  private final Set<Path> folders = new TreeSet<>();
  private final Set<Path> images = new TreeSet<>();
  private final List<Problem> problems = new ArrayList<>();

  Links(Repository repository, Map<Path, Page> pages) {
    this.repository = repository;
    this.pages = pages;
  }

  /** What a link of a page is on the site. */
  String resolve(Page page, Node link, String target) {
    if (ABSOLUTE.matcher(target).matches()) {
      return target;
    }
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    String anchor = hash < 0 ? "" : target.substring(hash);
    String from = Locations.ofPage(page.source());
    if (path.isEmpty()) {
      return anchored(page, link, page, target, anchor);
    }
    Path found = page.source().resolveSibling(path).normalize();
    if (found.isAbsolute() || found.startsWith("..")) {
      return broken(page, link, target, "leads out of the repository");
    }
    Page other = pageAt(found);
    if (other != null) {
      String href = Locations.relative(from, Locations.ofPage(other.source()));
      return href + anchored(page, link, other, target, anchor);
    }
    if (repository.isFolder(found)) {
      folders.add(found);
      return Locations.relative(from, Locations.ofFolder(found));
    }
    if (!repository.isFile(found)) {
      return broken(page, link, target, "leads nowhere");
    }
    if (IMAGE.matcher(path).matches()) {
      images.add(found);
      return target;
    }
    files.add(found);
    return Locations.relative(from, Locations.ofSource(found)) + anchor;
  }

  private @Nullable Page pageAt(Path path) {
    Page page = pages.get(path);
    return page != null ? page : pages.get(path.resolve("README.md"));
  }

  private String anchored(Page page, Node link, Page other, String target, String anchor) {
    return anchor.isEmpty() || other.hasAnchor(anchor.substring(1))
        ? anchor
        : broken(page, link, target, "leads to a heading that " + other.source() + " has not");
  }

  private String broken(Page page, Node link, String target, String why) {
    problems.add(new Problem(page.source(), lineOf(link), "the link to " + target + " " + why));
    return target;
  }

  /**
   * Says if {@code [`Name`]} stands where a link was meant: without a definition of its target it
   * is but text.
   */
  void checkReference(Page page, Code code) {
    if (code.getPrevious() instanceof Text before
        && code.getNext() instanceof Text after
        && before.getLiteral().endsWith("[")
        && after.getLiteral().startsWith("]")) {
      String name = "[`" + code.getLiteral() + "`]";
      problems.add(new Problem(page.source(), lineOf(code), name + " is a link without a target"));
    }
  }

  private static int lineOf(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      List<SourceSpan> spans = at.getSourceSpans();
      if (!spans.isEmpty()) {
        return spans.get(0).getLineIndex() + 1;
      }
    }
    return 0;
  }

  /** Files that are linked to, and are neither pages nor images. */
  Set<Path> files() {
    return files;
  }

  /** Folders that are linked to, and have no page. */
  Set<Path> folders() {
    return folders;
  }

  Set<Path> images() {
    return images;
  }

  List<Problem> problems() {
    return problems;
  }
}
