package dev.weft.weaver.cli;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.ClassPath;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.JarWeaver;
import dev.weft.weaver.files.WeaveSummary;
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

/** The command {@code weave}. */
@Command(
    name = "weave",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Weaves directories of class files, single class files and jars, in place.",
    description = {"Weaving twice is harmless: what is woven already is left alone.", ""},
    footer = {
      "",
      "Examples:",
      "  ... weave target/classes --classpath async-api.jar:lib/http-client.jar",
      "  ... weave app.jar --classpath async-api.jar",
      "  ... weave target/classes/com/example/Shop.class",
      "  ... weave target/classes --engine direct --diagnostics warnings=error"
    })
final class WeaveCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "A directory with classes, a class file or a jar.")
  private List<Path> files = List.of();

  @Mixin private ClassPathOption classPath = new ClassPathOption();

  @Mixin private WeavingOptions weaving = new WeavingOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    files.forEach(this::requireWeavable);
    WeaveSummary summary = weaveAll(weaving.read());
    summary.diagnostics().forEach(spec.commandLine().getErr()::println);
    spec.commandLine().getOut().println(summary);
    summary.choices().forEach(spec.commandLine().getOut()::println);
    return summary.failed() ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private void requireWeavable(Path file) {
    if (!Files.exists(file)) {
      throw new ParameterException(spec.commandLine(), "there is no " + file);
    }
    if (!Files.isDirectory(file) && !isClass(file) && !isJar(file)) {
      throw new ParameterException(
          spec.commandLine(), file + " is neither a directory nor a .class or .jar file");
    }
  }

  private WeaveSummary weaveAll(WeaverOptions options) throws IOException {
    WeaveSummary summary = new WeaveSummary();
    try (ClassPath classes = new ClassPath(path())) {
      Weaver weaver = new Weaver(classes, FrameMode.CLASS_FILES, options);
      for (Path file : files) {
        summary.add(weave(weaver, file));
      }
    }
    return summary;
  }

  private static WeaveSummary weave(Weaver weaver, Path file) throws IOException {
    try {
      if (Files.isDirectory(file)) {
        return new DirectoryWeaver(weaver).weave(file);
      }
      return isClass(file)
          ? new DirectoryWeaver(weaver).weaveFile(file)
          : new JarWeaver(weaver).weave(file);
    } catch (IOException e) {
      throw new IOException("cannot weave " + file + ": " + e.getMessage(), e);
    }
  }

  /** What is woven can itself hold classes that it needs. */
  private List<Path> path() {
    List<Path> path = new ArrayList<>();
    for (Path file : files) {
      path.add(isClass(file) ? ClassFileRoot.of(file) : file);
    }
    path.addAll(classPath.entries());
    return path;
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".class");
  }

  private static boolean isJar(Path file) {
    return file.toString().endsWith(".jar");
  }
}
