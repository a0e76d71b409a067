package dev.weft.weaver.gradle;

import org.gradle.api.InvalidUserDataException;
import org.gradle.api.Plugin;
import org.gradle.api.Project;
import org.gradle.api.tasks.TaskCollection;
import org.gradle.api.tasks.compile.JavaCompile;
import org.gradle.util.GradleVersion;

/**
 * The plugin {@code dev.weft.weaver}: every Java compile task, that of the tests included, weaves
 * what it has compiled.
 *
 * <p>Weaving is the last action of the compile task, and no task of its own: Gradle compares the
 * outputs of a task with what the task has left there, so to change them from outside would have
 * all classes compiled anew by every build. What the options are is an input of the task, so
 * another engine compiles and weaves again. Both are added when the build script has been read:
 * what a script adds to a compile task by {@code doLast} runs before, on classes that are not woven
 * yet.
 *
 * <p>Gradle 4.4 (Debian's) and the one that this is compiled against have in common what is called
 * here; the two calls that only one of them has are behind a comparison of versions.
 */
public class WeaverPlugin implements Plugin<Project> {
  private static final GradleVersion CONFIGURES_EACH = GradleVersion.version("4.9");

  /** Made by Gradle. */
  public WeaverPlugin() {}

  /**
   * Adds the extension {@code weft}, and weaving to the compile tasks there are when the build
   * script has been read, and to those that come later.
   */
  @Override
  public void apply(Project project) {
    WeaverExtension extension = project.getExtensions().create("weft", WeaverExtension.class);
    project.afterEvaluate(evaluated -> weaveIn(evaluated, new WeaveSettings(extension)));
  }

  private static void weaveIn(Project project, WeaveSettings settings) {
    try {
      settings.options();
    } catch (IllegalArgumentException e) {
      throw new InvalidUserDataException(e.getMessage() + " (in weft { } of " + project + ")", e);
    }
    TaskCollection<JavaCompile> tasks = project.getTasks().withType(JavaCompile.class);
    if (GradleVersion.current().compareTo(CONFIGURES_EACH) >= 0) {
      tasks.configureEach(task -> weaveIn(task, settings)); // not before the task is wanted
    } else {
      tasks.all(task -> weaveIn(task, settings));
    }
  }

  private static void weaveIn(JavaCompile task, WeaveSettings settings) {
    task.getInputs().property("weft", settings.toString());
    if (!settings.skip()) {
      task.doLast(new WeaveCompiled(settings));
    }
  }
}
