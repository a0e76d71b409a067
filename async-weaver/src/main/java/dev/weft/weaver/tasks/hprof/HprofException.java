package dev.weft.weaver.tasks.hprof;

import java.io.IOException;
import java.nio.file.Path;

/** A file is no heap dump, or not a whole one. */
public final class HprofException extends IOException {
  private static final long serialVersionUID = 1;

  HprofException(Path file, String reason) {
    super(file + ": " + reason);
  }

  /** With the place at which the file could not be read on. */
  static HprofException at(Path file, long offset, String reason) {
    return new HprofException(file, "cannot be read at offset " + offset + ": " + reason);
  }
}
