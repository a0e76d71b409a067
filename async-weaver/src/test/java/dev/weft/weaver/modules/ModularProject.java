package dev.weft.weaver.modules;

import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A user's module {@code app}, compiled against async-api as a module, not woven yet. */
final class ModularProject {
  private final Path root;
  private final Path classes;

  private ModularProject(Path root) {
    this.root = root;
    this.classes = root.resolve("classes");
  }

  /**
   * Compiles a module.
   *
   * @param sources by path, such as {@code app/Main.java}
   */
  static ModularProject compile(Path root, Map<String, String> sources) throws IOException {
    ModularProject project = new ModularProject(root);
    String errors = project.javac(sources);
    if (!errors.isEmpty()) {
      throw new AssertionError(errors);
    }
    return project;
  }

  /** What javac says of the errors in it; empty if there are none. */
  static String errors(Path root, Map<String, String> sources) throws IOException {
    return new ModularProject(root).javac(sources);
  }

  private String javac(Map<String, String> sources) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = root.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-g",
              "-XDrawDiagnostics",
              "-d",
              classes.toString(),
              "-p",
              SmallProject.runtimePath());
      boolean compiled =
          javac
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      return compiled ? "" : messages.toString();
    }
  }

  /** The folder of its class files. */
  Path classes() {
    return classes;
  }

  /** Weaves it by the command line, as a build would. */
  ForkedJvm weave() throws IOException, InterruptedException {
    return ForkedJvm.run(
        root,
        "-jar",
        ForkedJvm.agentJar(),
        "weave",
        classes.toString(),
        "-cp",
        SmallProject.runtimePath());
  }

  /** Runs {@code app.Main} as the module's main class. */
  ForkedJvm run(String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.add("-p");
    arguments.add(classes + File.pathSeparator + SmallProject.runtimePath());
    arguments.add("-m");
    arguments.add("app/app.Main");
    return ForkedJvm.run(root, arguments.toArray(String[]::new));
  }
}
