package dev.weft.docs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows the files and folders that pages lead to and that are no pages, as there is no public
 * repository that a link could go to: files with line numbers, folders as lists, in which what the
 * site has can be followed.
 */
final class Sources {
  /** Beyond it a file is offered as it is. Guessed: the largest source has some 30 KB. */
  private static final long MAX_SHOWN_BYTES = 200_000;

  private final Repository repository;
  private final Set<Path> files;
  private final Set<Path> folders;

  /** With all that is below the folders, so that their lists lead somewhere. */
  Sources(Repository repository, Links links) throws IOException {
    this.repository = repository;
    this.files = new TreeSet<>(links.files());
    this.folders = new TreeSet<>();
    for (Path folder : links.folders()) {
      repository.below(folder).forEach(file -> add(folder, file));
    }
  }

  private void add(Path linked, Path file) {
    if (!file.toString().endsWith(".md")) {
      files.add(file);
    }
    for (Path at = file.getParent(); at != null && at.startsWith(linked); at = at.getParent()) {
      folders.add(at);
    }
  }

  Set<Path> files() {
    return files;
  }

  Set<Path> folders() {
    return folders;
  }

  /** A file with line numbers, which are anchors: {@code #L12}. */
  String html(Path file) throws IOException {
    String title = title(file, file.getFileName().toString());
    Path real = repository.root().resolve(file);
    if (Files.size(real) > MAX_SHOWN_BYTES || !isText(real)) {
      return title
          + ("<p>" + Files.size(real) + " bytes: <a href=\"" + file.getFileName() + "\">")
          + "the file itself</a>.</p>\n";
    }
    StringBuilder html = new StringBuilder(title).append("<pre class=\"source\"><code>");
    int number = 0;
    for (String line : repository.text(file).lines().toList()) {
      number++;
      html.append("<span id=\"L").append(number).append("\">").append(Html.escape(line));
      html.append("\n</span>");
    }
    return html.append("</code></pre>\n").toString();
  }

  private static String title(Path path, String name) {
    String folder = path.resolveSibling("").toString();
    return (folder.isEmpty() ? "" : "<p class=\"path\">" + Html.escape(folder) + "/</p>\n")
        + "<h1>"
        + Html.escape(name)
        + "</h1>\n";
  }

  /** True for what is to be copied beside its page, as the page only refers to it. */
  boolean isCopied(Path file) throws IOException {
    Path real = repository.root().resolve(file);
    return Files.size(real) > MAX_SHOWN_BYTES || !isText(real);
  }

  private static boolean isText(Path file) throws IOException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** What is in a folder. */
  String list(Path folder, Set<Path> pages) throws IOException {
    String from = Locations.ofFolder(folder);
    StringBuilder html = new StringBuilder(title(folder, folder.getFileName() + "/"));
    html.append("<ul class=\"folder\">\n");
    Path parent = folder.getParent();
    if (parent != null && folders.contains(parent)) {
      html.append(item(from, Locations.ofFolder(parent), ".."));
    }
    List<Path> children = repository.children(folder);
    for (Path child : children) {
      String name = child.getFileName().toString();
      if (folders.contains(child)) {
        html.append(item(from, Locations.ofFolder(child), name + "/"));
      } else if (files.contains(child)) {
        html.append(item(from, Locations.ofSource(child), name));
      } else if (pages.contains(child)) {
        html.append(item(from, Locations.ofPage(child), name));
      }
    }
    return html.append("</ul>\n").toString();
  }

  private static String item(String from, String to, String name) {
    return "<li><a href=\""
        + Locations.relative(from, to)
        + "\">"
        + Html.escape(name)
        + "</a></li>\n";
  }
}
