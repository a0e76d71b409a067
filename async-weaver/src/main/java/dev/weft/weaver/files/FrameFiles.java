package dev.weft.weaver.files;

import dev.weft.weaver.Names;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/**
 * Tells generated frame classes from others, and those in use from those that an earlier build has
 * left behind.
 *
 * <p>The weaver names a frame class {@code Outer$weft$method} and puts it beside {@code Outer}. The
 * compiler knows nothing of it: when {@code Outer} is compiled anew, or its source is gone, the
 * frame class stays. It is in use exactly if the class in front of {@code $weft$} names it in its
 * constant pool, which holds whoever wove that class, and when.
 */
final class FrameFiles {
  static final String CLASS_FILE = ".class";

  private static final String MARK = Names.FRAME_INFIX;
  private static final int CONSTANT_CLASS = 7;

  private FrameFiles() {}

  /** True if a class file of this path can be a frame class. */
  static boolean mayBeFrame(String path) {
    return path.endsWith(CLASS_FILE) && path.contains(MARK);
  }

  /** True if a class file holds a generated frame class. */
  static boolean isFrame(byte[] classFile) {
    ClassReader reader = parse(classFile);
    return reader != null && Names.FRAME.equals(reader.getSuperName());
  }

  /**
   * True if a class file holds a frame class that no class uses any more.
   *
   * @param path its path, with slashes, ending in {@code .class}
   * @param files class files by such paths, null where there is none
   */
  static boolean isStale(String path, byte[] classFile, Function<String, byte @Nullable []> files) {
    ClassReader frame = parse(classFile);
    if (frame == null || !Names.FRAME.equals(frame.getSuperName())) {
      return false;
    }
    // The mark can occur more than once: in the name of a nested class, or in that of the method.
    for (int mark = path.indexOf(MARK); mark >= 0; mark = path.indexOf(MARK, mark + 1)) {
      byte[] outer = files.apply(path.substring(0, mark) + CLASS_FILE);
      if (outer != null && names(outer, frame.getClassName())) {
        return false;
      }
    }
    return true;
  }

  private static boolean names(byte[] classFile, String internalName) {
    ClassReader reader = parse(classFile);
    if (reader == null) {
      return true; // nothing is known of it, so nothing is deleted for it
    }
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int index = 1; index < reader.getItemCount(); index++) {
      int item = reader.getItem(index);
      if (item > 0
          && reader.readByte(item - 1) == CONSTANT_CLASS
          && internalName.equals(reader.readUTF8(item, buffer))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable ClassReader parse(byte[] classFile) {
    try {
      return new ClassReader(classFile);
    } catch (RuntimeException notAClassFile) { // ASM throws whatever it stumbles over
      return null;
    }
  }
}
