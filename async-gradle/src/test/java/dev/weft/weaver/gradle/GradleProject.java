package dev.weft.weaver.gradle;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weft.Async;
import dev.weft.weaver.Weaver;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;
import org.slf4j.LoggerFactory;

/** A build of several projects, with the plugin and async-api by files: it needs no repository. */
final class GradleProject {
  private final Path root;
  private final Path gradle;

  /**
   * Writes the build.
   *
   * @param projects their names
   * @param script what is in its script besides the plugin
   */
  GradleProject(Path root, Path gradle, List<String> projects, String script) throws IOException {
    this.root = root;
    this.gradle = gradle;
    Files.writeString(
        root.resolve("settings.gradle"),
        projects.stream().map(name -> "include '" + name + "'\n").collect(Collectors.joining()));
    Files.writeString(
        root.resolve("build.gradle"),
        """
        buildscript {
          dependencies {
            classpath files(%s)
          }
        }
        subprojects {
          apply plugin: 'java'
          apply plugin: 'dev.weft.weaver'
          dependencies {
            implementation files(%s)
          }
        }
        """
                .formatted(quoted(pluginPath()), quoted(applicationPath()))
            + script);
  }

  /** Writes a source of a project: {@code steady}, {@code src/main/java/app/Main.java}. */
  void write(String project, String path, String source) throws IOException {
    Path file = root.resolve(project).resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }

  /** Has Gradle compile everything, and go on with the others where a project fails. */
  Command compile(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(gradle.toString());
    command.addAll(
        List.of("--no-daemon", "--offline", "--console=plain", "--continue", "--gradle-user-home"));
    command.add(root.resolve("gradle-home").toString());
    command.addAll(Arrays.asList(options));
    command.add("testClasses");
    Command run = Command.run(root, command);
    assumeFalse(
        Stream.of(
                "Could not determine java version",
                "Unsupported class file major version",
                "compiled by a more recent version of the Java Runtime", // it runs on an older one
                "JAVA_HOME is not set and no 'java' command could be found")
            .anyMatch(run.output()::contains),
        () -> gradle + " does not run on this machine's JDK: " + run.output());
    return run;
  }

  /** Runs a class of a project. */
  Command java(String project, String mainClass) throws IOException, InterruptedException {
    String path =
        Stream.concat(
                Stream.of(classes(project, "main"), classes(project, "test")).map(Path::toString),
                applicationPath().stream())
            .collect(Collectors.joining(File.pathSeparator));
    return Command.java(root, path, mainClass);
  }

  /** The directory of a project's class files: of its source set {@code main} or {@code test}. */
  Path classes(String project, String sourceSet) {
    return root.resolve(Path.of(project, "build", "classes", "java", sourceSet));
  }

  /** What the plugin consists of and needs. */
  private static List<String> pluginPath() {
    return Stream.of(
            WeaverPlugin.class,
            Weaver.class,
            ClassReader.class,
            Remapper.class,
            ClassNode.class,
            Analyzer.class,
            CheckClassAdapter.class)
        .map(GradleProject::locationOf)
        .distinct()
        .toList();
  }

  private static List<String> applicationPath() {
    return List.of(locationOf(Async.class), locationOf(LoggerFactory.class));
  }

  private static String locationOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String quoted(List<String> files) {
    return files.stream().map(file -> "'" + file + "'").collect(Collectors.joining(", "));
  }
}
