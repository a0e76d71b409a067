package dev.weft.weaver;

import dev.weft.weaver.scan.ConstantPoolScan;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;

/**
 * What classes that await call of each other: the methods that return a future, by the constants
 * that name them. Who weaves many classes looks at all of them first. A method that another class
 * is not known to call gets no bare entry for its sake.
 *
 * <pre>{@code
 * static List<WeaveResult> weaveAll(Weaver weaver, List<byte[]> classFiles) {
 *   CallsBetween calls = new CallsBetween();
 *   classFiles.forEach(calls::addThoseOf);
 *   return classFiles.stream().map(classFile -> weaver.weave(classFile, calls)).toList();
 * }
 * }</pre>
 */
public final class CallsBetween {
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;

  private final boolean any;
  private final Set<String> called = new HashSet<>();

  /** None so far. */
  public CallsBetween() {
    this(false);
  }

  private CallsBetween(boolean any) {
    this.any = any;
  }

  /** For who sees one class after the other: each method may be called by one to come. */
  public static CallsBetween any() {
    return new CallsBetween(true);
  }

  /** Adds what a class calls; nothing if the bytes are no class file, or one without an await. */
  public void addThoseOf(byte[] classFile) {
    try {
      if (ConstantPoolScan.of(classFile).mentionsAwait()) {
        add(new ClassReader(classFile));
      }
    } catch (IOException | RuntimeException damaged) { // whoever weaves it says so
      return;
    }
  }

  private void add(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      int tag = at == 0 ? 0 : reader.readByte(at - 1);
      if (tag == METHOD || tag == INTERFACE_METHOD) {
        int nameAndType = reader.getItem(reader.readUnsignedShort(at + 2));
        String descriptor = String.valueOf(reader.readUTF8(nameAndType + 2, buffer));
        if (descriptor.endsWith(")" + Names.FUTURE_DESC)
            || descriptor.endsWith(")" + Names.TASK_DESC)) {
          String owner = reader.readClass(at, buffer);
          if (!owner.equals(reader.getClassName())) {
            called.add(owner + "." + reader.readUTF8(nameAndType, buffer) + descriptor);
          }
        }
      }
    }
  }

  /**
   * True if another class may call a method.
   *
   * @param owner the internal name of its class
   */
  public boolean contain(String owner, String method, String descriptor) {
    return any || called.contains(owner + "." + method + descriptor);
  }
}
