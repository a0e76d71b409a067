package dev.weft.release;

import dev.weft.release.StagedArtifact.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** That the jars hold what their names say, and no time but that which the build was told. */
final class JarContents {
  /** A zip file counts in steps of two seconds. */
  private static final Duration ROUNDED = Duration.ofSeconds(1);

  private final StagedArtifact artifact;
  private final Findings findings;

  private JarContents(StagedArtifact artifact, Findings findings) {
    this.artifact = artifact;
    this.findings = findings;
  }

  static void check(StagedArtifact artifact, Instant timestamp, Findings findings)
      throws IOException {
    JarContents contents = new JarContents(artifact, findings);
    for (Path jar : artifact.jars()) {
      if (Files.exists(jar)) {
        contents.checkTimes(jar, LocalDateTime.ofInstant(timestamp, ZoneOffset.UTC));
      }
    }
    if (artifact.hasCode() && artifact.jars().stream().allMatch(Files::exists)) {
      contents.checkSources();
      contents.checkJavadoc();
    }
  }

  /** The agent's jar has what the shade plugin writes, of 1980, and the times of other jars. */
  private void checkTimes(Path jar, LocalDateTime timestamp) throws IOException {
    boolean shaded = artifact.isExtra(jar);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        LocalDateTime time = entry.getTimeLocal();
        Duration late = Duration.between(timestamp, time);
        if (late.compareTo(ROUNDED) > 0 || !shaded && late.abs().compareTo(ROUNDED) > 0) {
          findings.problem(
              jar.getFileName()
                  + " was not built reproducibly: "
                  + entry.getName()
                  + " is of "
                  + time);
          return; // one of them says it
        }
      }
    }
  }

  /** Of each class file the source that it names. */
  private void checkSources() throws IOException {
    try (ZipFile classes = new ZipFile(artifact.jar().toFile());
        ZipFile sources = new ZipFile(artifact.sources().toFile())) {
      if (artifact.kind() == Kind.MODULE && classes.getEntry("module-info.class") == null) {
        findings.problem(artifact.jar().getFileName() + " has no module-info.class");
      }
      Set<String> missing = new TreeSet<>();
      int found = 0;
      for (ZipEntry entry : Collections.list(classes.entries())) {
        if (!entry.getName().endsWith(".class")) {
          continue;
        }
        String source = sourceOf(classes, entry);
        if (sources.getEntry(source) == null) {
          missing.add(source);
        } else {
          found++;
        }
      }
      findings.fact(artifact.artifactId() + ": sources of " + found + " class files");
      if (found == 0 || !missing.isEmpty()) {
        findings.problem(artifact.sources().getFileName() + " lacks " + missing);
      }
    }
  }

  private static String sourceOf(ZipFile classes, ZipEntry entry) throws IOException {
    ClassNode node = new ClassNode();
    try (InputStream bytes = classes.getInputStream(entry)) {
      new ClassReader(bytes).accept(node, ClassReader.SKIP_CODE);
    }
    if (node.sourceFile == null) { // a frame, which the weaver has made of a method: Outer$weft$run
      return entry.getName().replaceFirst("[$].*", ".java");
    }
    String folder = entry.getName().substring(0, entry.getName().lastIndexOf('/') + 1);
    return folder + node.sourceFile;
  }

  /** A start page, and one for each type that the module shows. */
  private void checkJavadoc() throws IOException {
    try (FileSystem classes = FileSystems.newFileSystem(artifact.jar());
        ZipFile pages = new ZipFile(artifact.javadoc().toFile())) {
      Path root = classes.getPath("/");
      String folder = artifact.kind() == Kind.MODULE ? ApiSkeleton.module(root).name() + "/" : "";
      Set<String> expected = new TreeSet<>(Set.of("index.html"));
      for (String type : ApiSkeleton.of(root).visibleTypes()) {
        expected.add(folder + type.replace('$', '.') + ".html");
      }
      int count = expected.size();
      expected.removeIf(page -> pages.getEntry(page) != null);
      findings.fact(artifact.artifactId() + ": Javadoc of " + (count - 1) + " types");
      if (!expected.isEmpty()) {
        findings.problem(artifact.javadoc().getFileName() + " lacks " + expected);
      }
    }
  }
}
