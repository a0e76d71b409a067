package dev.weft.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A copy of all that a release is made of, with the classes that this build has compiled already.
 * In it may be written what the sources themselves do not say yet: a version, addresses.
 */
final class SourceCopy {
  private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>weft</artifactId>\\s*<version>(.+?)</version>");
  private static final List<String> PUBLISHED =
      List.of("async-api", "async-weaver", "async-gradle", "async-junit", "async-http");

  private final Path folder;
  private final List<Path> poms = new ArrayList<>();

  private SourceCopy(Path folder) {
    this.folder = folder;
  }

  static SourceCopy of(Path sources, Path folder) throws IOException {
    SourceCopy copy = new SourceCopy(folder);
    delete(folder);
    copy.copy(sources, "pom.xml");
    copy.copy(sources, "LICENSE");
    copy.copy(sources, ".mvn");
    Matcher module = MODULE.matcher(Files.readString(sources.resolve("pom.xml")));
    while (module.find()) {
      copy.copy(sources, module.group(1) + "/pom.xml");
    }
    for (String name : Stream.concat(PUBLISHED.stream(), Stream.of("release")).toList()) {
      copy.copy(sources, name + "/src/main");
      copy.copy(sources, name + "/target/classes");
    }
    return copy;
  }

  Path folder() {
    return folder;
  }

  private void copy(Path sources, String name) throws IOException {
    Path from = sources.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path to = folder.resolve(name).resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
    if (name.endsWith("pom.xml")) {
      poms.add(folder.resolve(name));
    }
  }

  /** As {@code versions:set} does; the version, without what makes it a snapshot. */
  String releaseVersion() throws IOException {
    Matcher matcher = VERSION.matcher(Files.readString(folder.resolve("pom.xml")));
    if (!matcher.find()) {
      throw new IllegalStateException("no version in " + folder.resolve("pom.xml"));
    }
    String version = matcher.group(1);
    String release = version.replace("-SNAPSHOT", "");
    for (Path pom : poms) {
      replace(pom, "<version>" + version + "</version>", "<version>" + release + "</version>");
    }
    return release;
  }

  /** Gives a property of the root another value, whether it has one or not. */
  void set(String property, String value) throws IOException {
    Path pom = folder.resolve("pom.xml");
    Files.writeString(pom, with(Files.readString(pom), property, value));
  }

  private static String with(String pom, String property, String value) {
    String element = "<" + property + ">" + value + "</" + property + ">";
    String name = Pattern.quote(property);
    return Pattern.compile("<" + name + "/>|<" + name + ">[^<]*</" + name + ">")
        .matcher(pom)
        .replaceFirst(Matcher.quoteReplacement(element));
  }

  /** Beside the root's POM another one, of a snapshot, in which these properties are empty. */
  Path unready(Iterable<String> properties) throws IOException {
    String text = Files.readString(folder.resolve("pom.xml"));
    for (String property : properties) {
      text = with(text, property, "");
    }
    Path pom = folder.resolve("unready.xml");
    Files.writeString(
        pom, text.replaceFirst("<version>[0-9.]+(-SNAPSHOT)?<", "<version>0.0.1-SNAPSHOT<"));
    return pom;
  }

  String property(String name) throws IOException {
    Matcher matcher =
        Pattern.compile("<" + Pattern.quote(name) + ">(.+?)<")
            .matcher(Files.readString(folder.resolve("pom.xml")));
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in " + folder.resolve("pom.xml"));
    }
    return matcher.group(1);
  }

  private static void replace(Path file, String what, String with) throws IOException {
    Files.writeString(file, Files.readString(file).replace(what, with));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
