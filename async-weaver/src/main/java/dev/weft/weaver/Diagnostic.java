package dev.weft.weaver;

/**
 * Why something was not woven.
 *
 * @param file the source file's name, or the class's where the class file does not tell it
 * @param line the line in it, or 0 where the class file does not tell it
 * @param message what is wrong and what to do
 */
public record Diagnostic(String file, int line, String message) implements Comparable<Diagnostic> {
  /** {@code File.java:12: message}, as compilers print it. */
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line + ": " + message : file + ": " + message;
  }

  @Override
  public int compareTo(Diagnostic other) {
    int byFile = file.compareTo(other.file);
    return byFile != 0 ? byFile : Integer.compare(line, other.line);
  }
}
