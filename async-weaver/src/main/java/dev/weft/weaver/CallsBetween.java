package dev.weft.weaver;

import dev.weft.weaver.scan.ConstantPoolScan;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

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
  private final @Nullable Set<String> loaded;
  private final Set<String> called = new HashSet<>();

  /** None so far. */
  public CallsBetween() {
    this(false, null);
  }

  private CallsBetween(boolean any, @Nullable Set<String> loaded) {
    this.any = any;
    this.loaded = loaded;
  }

  /** For who sees one class after the other: each method may be called by one to come. */
  public static CallsBetween any() {
    return new CallsBetween(true, null);
  }

  /**
   * For a class that is loaded and gets another body. The JVM lets it have the same methods and no
   * others, so whom it calls and who calls it do not matter.
   *
   * @param entries the methods that have a bare entry in it, by name and descriptor
   */
  public static CallsBetween ofLoaded(Set<String> entries) {
    return new CallsBetween(false, Set.copyOf(entries));
  }

  /**
   * Adds what a class calls; nothing if the bytes are no class file, or one without an await. In a
   * woven class those calls are seen that go by a bare entry: so a method keeps its entry when it
   * is compiled anew, and who calls it is not.
   */
  public void addThoseOf(byte[] classFile) {
    try {
      ConstantPoolScan scan = ConstantPoolScan.of(classFile);
      if (scan.mentionsAwait()) {
        add(new ClassReader(classFile));
      }
      if (scan.mentionsLinkedCall()) {
        new ClassReader(classFile)
            .accept(new LinkedCalls(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
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

  /** Of a woven class: what {@link dev.weft.weaver.bare.BareCalls} has left to be linked. */
  private final class LinkedCalls extends ClassVisitor {
    LinkedCalls() {
      super(Opcodes.ASM9);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInvokeDynamicInsn(
            String method, String descriptor, Handle link, Object... arguments) {
          if (link.getOwner().equals(Names.BARE_LINK)
              && arguments.length == 1
              && arguments[0] instanceof Handle called) {
            CallsBetween.this.called.add(
                called.getOwner() + "." + called.getName() + called.getDesc());
          }
        }
      };
    }
  }

  /** True if any method may be called by another class. */
  public boolean areAny() {
    return any;
  }

  /** Of a class that is loaded already: the entries that it has. Null for all others. */
  public @Nullable Set<String> entriesOfLoaded() {
    return loaded;
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
