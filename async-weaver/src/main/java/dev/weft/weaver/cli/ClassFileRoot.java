package dev.weft.weaver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.objectweb.asm.ClassReader;

/** Finds the directory that the packages of a class file start in. */
final class ClassFileRoot {
  private ClassFileRoot() {}

  /** The root; the file itself, which holds no further classes, if it cannot be told. */
  static Path of(Path classFile) {
    Path root = classFile.toAbsolutePath();
    String name;
    try {
      name = new ClassReader(Files.readAllBytes(classFile)).getClassName();
    } catch (IOException | RuntimeException unreadable) { // said when it is woven
      return root;
    }
    if (!root.endsWith(name + ".class")) {
      return root;
    }
    for (long level = name.chars().filter(c -> c == '/').count(); level >= 0; level--) {
      Path parent = root.getParent();
      if (parent == null) {
        return root;
      }
      root = parent;
    }
    return root;
  }
}
