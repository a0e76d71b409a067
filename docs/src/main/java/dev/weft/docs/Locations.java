package dev.weft.docs;

import java.nio.file.Path;

/** Where on the site things stand: paths from its root, with slashes. */
final class Locations {
  /** The start page of the Javadoc. */
  static final String API = "api/index.html";

  private Locations() {}

  /** Of a page: beside its source, a README as the start page of its folder. */
  static String ofPage(Path markdown) {
    String path = slashes(markdown);
    return path.endsWith("README.md")
        ? path.substring(0, path.length() - "README.md".length()) + "index.html"
        : path.substring(0, path.length() - ".md".length()) + ".html";
  }

  /** Of a file that is shown as it is. */
  static String ofSource(Path file) {
    return "source/" + slashes(file) + ".html";
  }

  /** Of the list of what is in a folder. */
  static String ofFolder(Path folder) {
    return "source/" + slashes(folder) + "/index.html";
  }

  /** How a page names another one, so that it is found from a server and from a disk. */
  static String relative(String from, String to) {
    Path folder = Path.of("/" + from).resolveSibling("");
    String path = slashes(folder.relativize(Path.of("/" + to)));
    return path.isEmpty() ? "." : path;
  }

  /** From a page to the root: empty, or {@code ../} and so on. */
  static String toRoot(String from) {
    return "../".repeat((int) from.chars().filter(c -> c == '/').count());
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }
}
