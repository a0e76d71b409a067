package dev.weft.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One artifact of one version in the staging folder.
 *
 * @param folder where its files are, {@code dev/weft/ARTIFACT/VERSION}
 * @param extra what it has besides the three jars of each that has code, as {@code -agent.jar}
 */
record StagedArtifact(
    Path folder, String artifactId, String version, Kind kind, List<String> extra) {
  /** What is in it. */
  enum Kind {
    /** A POM and no code. */
    POM,
    /** A named module. */
    MODULE,
    /** For a host that knows no modules, as Gradle. */
    PLAIN
  }

  private static final String POM = ".pom";
  private static final String JAR = ".jar";
  private static final String SOURCES = "-sources.jar";
  private static final String JAVADOC = "-javadoc.jar";

  boolean hasCode() {
    return kind != Kind.POM;
  }

  Path pom() {
    return file(POM);
  }

  Path jar() {
    return file(JAR);
  }

  Path sources() {
    return file(SOURCES);
  }

  Path javadoc() {
    return file(JAVADOC);
  }

  private Path file(String suffix) {
    return folder.resolve(artifactId + "-" + version + suffix);
  }

  /** All that has to be there, without signatures and checksums. */
  List<Path> files() {
    Stream<String> ofCode = hasCode() ? Stream.of(JAR, SOURCES, JAVADOC) : Stream.empty();
    return Stream.of(Stream.of(POM), ofCode, extra.stream())
        .flatMap(suffixes -> suffixes)
        .map(this::file)
        .toList();
  }

  boolean isExtra(Path file) {
    return extra.stream().map(this::file).anyMatch(file::equals);
  }

  List<Path> jars() {
    return files().stream().filter(file -> file.toString().endsWith(JAR)).toList();
  }

  static Path signatureOf(Path file) {
    return beside(file, ".asc");
  }

  static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Says which files are there, and misses those that are not. */
  void checkFiles(Findings findings) throws IOException {
    TreeSet<String> there = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> there.add(file.getFileName().toString()));
      }
    }
    List<String> present = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (there.remove(name)) {
        present.add(name);
      } else {
        findings.problem(name + " is missing");
      }
    }
    int count = there.size();
    files().forEach(file -> there.removeIf(other -> other.startsWith(file.getFileName() + ".")));
    findings.fact(
        String.join(", ", present)
            + ", and "
            + (count - there.size())
            + " signatures and checksums");
    there.removeIf(name -> name.startsWith("maven-metadata"));
    if (!there.isEmpty()) {
      findings.problem(artifactId + " has what nobody asked for: " + String.join(", ", there));
    }
  }
}
