package dev.weft.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that the site is made of, by their paths within the repository. Read from the folder,
 * not from git, which a source archive has not.
 */
record Repository(Path root) {
  /** All Markdown files that are for readers, in the order of their paths. */
  List<Path> markdown() throws IOException {
    return below(Path.of(""))
        .filter(file -> file.toString().endsWith(".md"))
        .filter(file -> !file.toString().contains("src/test/"))
        .toList();
  }

  /** The files below a folder, without what a build or a tool has left there. */
  Stream<Path> below(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(root.resolve(folder))) {
      Stream<Path> all = Stream.empty();
      for (Path child : children.sorted().toList()) {
        Path path = root.relativize(child);
        if (isLeftOut(path) || Files.isSymbolicLink(child)) { // a link may lead back up
          continue;
        }
        all = Stream.concat(all, Files.isDirectory(child) ? below(path) : Stream.of(path));
      }
      return all;
    }
  }

  /** What stands in a folder itself: sub-folders first. */
  List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(root.resolve(folder))) {
      List<Path> paths =
          children.map(root::relativize).filter(path -> !isLeftOut(path)).sorted().toList();
      return Stream.concat(
              paths.stream().filter(this::isFolder), paths.stream().filter(path -> !isFolder(path)))
          .toList();
    }
  }

  private static boolean isLeftOut(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || name.equals("target") || name.equals("node_modules");
  }

  boolean isFolder(Path path) {
    return Files.isDirectory(root.resolve(path));
  }

  boolean isFile(Path path) {
    return Files.isRegularFile(root.resolve(path));
  }

  String text(Path path) throws IOException {
    return Files.readString(root.resolve(path));
  }
}
