package dev.weft.weaver.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option {@code --classpath}. */
final class ClassPathOption {
  @Option(
      names = {"-cp", "--classpath"},
      paramLabel = "PATH",
      description =
          "Directories and jars with the classes that the woven ones use, separated as for javac."
              + " They tell which return types are futures; nothing of them is loaded or changed.")
  private String value = "";

  List<Path> entries() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(value)
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .toList();
  }

  @Override
  public String toString() {
    return value;
  }
}
