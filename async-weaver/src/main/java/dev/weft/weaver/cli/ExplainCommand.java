package dev.weft.weaver.cli;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.ClassPath;
import dev.weft.weaver.files.DirectoryWeaver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code explain}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Shows what weaving made, or would make, of the async methods of a class.",
    description = {
      "For each method: the engine that weaves it and why not the other, the size of the code before"
          + " and after, its states, the line of the await that each state stands at, and what the"
          + " frame saves there with types and sizes. Changes nothing.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ... explain com.example.Shop --classpath target/classes:async-api.jar",
      "  ... explain target/classes/com/example/Shop.class"
    })
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CLASS", description = "A class file, or the name of a class.")
  private String type = "";

  @Mixin private ClassPathOption classPath = new ClassPathOption();

  @Mixin private WeavingOptions weaving = new WeavingOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WeaverOptions options = weaving.read();
    Path file = type.endsWith(".class") || type.contains("/") ? Path.of(type) : null;
    if (file != null && !Files.isRegularFile(file)) {
      throw new ParameterException(spec.commandLine(), "there is no file " + type);
    }
    List<Path> path = new ArrayList<>(classPath.entries());
    if (file != null) {
      path.add(0, ClassFileRoot.of(file));
    }
    try (ClassPath classes = new ClassPath(path)) {
      byte[] bytes = file != null ? Files.readAllBytes(file) : find(classes);
      WeaveResult result = new Weaver(classes, FrameMode.CLASS_FILES, options).explain(bytes);
      return print(DirectoryWeaver.ofFile(type, result));
    }
  }

  /** Reads the class by its name, in which a dot may also stand before a nested class. */
  private byte[] find(ClassPath classes) {
    String name = type.replace('.', '/');
    byte[] bytes = classes.read(name);
    for (int dot = name.lastIndexOf('/'); bytes == null && dot > 0; dot = name.lastIndexOf('/')) {
      name = name.substring(0, dot) + '$' + name.substring(dot + 1);
      bytes = classes.read(name);
    }
    if (bytes == null) {
      throw new ParameterException(
          spec.commandLine(),
          classPath.entries().isEmpty()
              ? "where is the class " + type + "? Say it with --classpath"
              : "there is no class " + type + " in --classpath " + classPath);
    }
    return bytes;
  }

  private int print(WeaveResult result) {
    result.diagnostics().forEach(spec.commandLine().getErr()::println);
    if (result.failed()) {
      return ExitCode.SOFTWARE;
    }
    new Explanation(result).printTo(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
