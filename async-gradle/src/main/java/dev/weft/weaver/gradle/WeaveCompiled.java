package dev.weft.weaver.gradle;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.files.ClassPath;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.WeaveSummary;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.gradle.api.Action;
import org.gradle.api.GradleException;
import org.gradle.api.Task;
import org.gradle.api.logging.Logger;
import org.gradle.api.tasks.compile.JavaCompile;
import org.gradle.util.GradleVersion;

/**
 * Weaves what a compile task has left in its directory, prints what is wrong and how much was
 * woven. A class of its own and no lambda, as Gradle takes a task with a lambda among its actions
 * to be never up to date.
 */
final class WeaveCompiled implements Action<Task>, Serializable {
  private static final long serialVersionUID = 1;

  private static final GradleVersion DESTINATION_DIRECTORY = GradleVersion.version("6.1");

  private final WeaveSettings settings;

  WeaveCompiled(WeaveSettings settings) {
    this.settings = settings;
  }

  @Override
  public void execute(Task task) {
    JavaCompile compile = (JavaCompile) task;
    WeaveSummary summary = weave(directoryOf(compile), compile.getClasspath().getFiles());
    Logger log = task.getLogger();
    for (Diagnostic diagnostic : summary.diagnostics()) {
      if (diagnostic.isError()) {
        log.error(diagnostic.toString());
      } else {
        log.warn(diagnostic.toString());
      }
    }
    log.lifecycle(summary.toString());
    summary.choices().forEach(log::lifecycle);
    if (settings.failOnError() && summary.failed()) {
      throw new GradleException("weaving failed with " + summary.failure());
    }
  }

  private static Path directoryOf(JavaCompile task) {
    File directory =
        GradleVersion.current().compareTo(DESTINATION_DIRECTORY) >= 0
            ? task.getDestinationDirectory().getAsFile().get()
            : (File) Objects.requireNonNull(task.property("destinationDir"));
    return directory.toPath();
  }

  private WeaveSummary weave(Path directory, Set<File> classpath) {
    Set<Path> path = new LinkedHashSet<>();
    path.add(directory);
    classpath.forEach(entry -> path.add(entry.toPath()));
    try (ClassPath classes = new ClassPath(path)) {
      return new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, settings.options()))
          .weave(directory);
    } catch (IOException e) {
      throw new GradleException("cannot weave " + directory + ": " + e, e);
    }
  }
}
