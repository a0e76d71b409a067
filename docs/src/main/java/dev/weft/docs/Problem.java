package dev.weft.docs;

import java.nio.file.Path;

/**
 * What is wrong with a page.
 *
 * @param file where, from the root of the repository or of the site
 * @param line the line in it; 0 if that is not known
 * @param message what is wrong
 */
record Problem(Path file, int line, String message) {
  /** {@code docs/scheduler.md:12: ...}, as compilers have it. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + message;
  }
}
