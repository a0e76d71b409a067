package dev.weft.weaver.maven;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.ClassPath;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.WeaveSummary;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.jspecify.annotations.Nullable;

/**
 * Weaves class files in place, right after they were compiled: the goals {@code weave} and {@code
 * weave-tests}, which differ in the directory and the class path they are given.
 *
 * <p>Which goal gets what stands in {@code META-INF/maven/plugin.xml}, which is written by hand:
 * the parser behind maven-plugin-plugin (QDox) gives up on {@code byte @Nullable []}.
 */
public final class WeaveMojo extends AbstractMojo {
  // Maven sets these fields, by name, before it calls execute().
  private boolean skip;
  private boolean failOnError = true;

  @SuppressWarnings("NullAway.Init") // required, so always set
  private File classesDirectory;

  private List<String> classpath = List.of();
  private String engine = Engine.AUTO.toString();
  private boolean debug;
  private @Nullable String diagnostics;

  /**
   * Weaves the directory, prints what is wrong and how much was woven.
   *
   * @throws MojoFailureException if a class cannot be woven
   * @throws MojoExecutionException if the directory cannot be read or written, or a parameter is
   *     wrong
   */
  @Override
  public void execute() throws MojoFailureException, MojoExecutionException {
    if (skip) {
      getLog().info("weaving is skipped");
      return;
    }
    WeaveSummary summary = weave(classesDirectory.toPath(), options());
    summary.diagnostics().forEach(this::print);
    getLog().info(summary.toString());
    summary.choices().forEach(getLog()::info);
    if (failOnError && summary.failed()) {
      throw new MojoFailureException("weaving failed with " + summary.failure());
    }
  }

  private WeaverOptions options() throws MojoExecutionException {
    try {
      return new WeaverOptions(
          Engine.named(engine),
          debug,
          DiagnosticSeverities.parse(diagnostics == null ? "" : diagnostics));
    } catch (IllegalArgumentException e) {
      throw new MojoExecutionException(e.getMessage(), e);
    }
  }

  private void print(Diagnostic diagnostic) {
    if (diagnostic.isError()) {
      getLog().error(diagnostic.toString());
    } else {
      getLog().warn(diagnostic.toString());
    }
  }

  private WeaveSummary weave(Path directory, WeaverOptions options) throws MojoExecutionException {
    try (ClassPath classes = new ClassPath(pathWith(directory))) {
      return new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, options))
          .weave(directory);
    } catch (IOException e) {
      throw new MojoExecutionException("cannot weave " + directory + ": " + e, e);
    }
  }

  private Set<Path> pathWith(Path directory) {
    Set<Path> path = new LinkedHashSet<>();
    path.add(directory);
    classpath.forEach(entry -> path.add(Path.of(entry)));
    return path;
  }
}
