package dev.weft.weaver;

import dev.weft.weaver.verify.ClassHierarchy;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Keeps the {@code serialVersionUID} of a class what it was before it was woven. Where a class does
 * not declare one, the JDK makes it up from the class's members, and some that weaving adds count:
 * a woven peer and one that is not could not read each other.
 *
 * <p>The rules are those of "Stream Unique Identifiers" in the Java Object Serialization
 * Specification, as {@code java.io.ObjectStreamClass.computeDefaultSUID} has them.
 */
final class SerialVersion {
  private static final String FIELD = "serialVersionUID";
  private static final int CLASS_FLAGS =
      Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT;
  private static final int ACCESS =
      Opcodes.ACC_PUBLIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_PROTECTED;
  private static final int FIELD_FLAGS =
      ACCESS
          | Opcodes.ACC_STATIC
          | Opcodes.ACC_FINAL
          | Opcodes.ACC_VOLATILE
          | Opcodes.ACC_TRANSIENT;
  private static final int METHOD_FLAGS =
      ACCESS
          | Opcodes.ACC_STATIC
          | Opcodes.ACC_FINAL
          | Opcodes.ACC_SYNCHRONIZED
          | Opcodes.ACC_NATIVE
          | Opcodes.ACC_ABSTRACT
          | Opcodes.ACC_STRICT;

  private final ClassNode owner;
  private final boolean counts;
  private final long before;

  /** Notes what the class has. */
  SerialVersion(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    counts = isSerializable(owner, hierarchy) && !declares(owner);
    before = counts ? computed(owner) : 0;
  }

  /** Declares in the class what it had, unless that is still the same. */
  void keep() {
    if (counts && computed(owner) != before) {
      boolean isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
      int access = isInterface ? Opcodes.ACC_PUBLIC : Opcodes.ACC_PRIVATE;
      owner.fields.add(
          new FieldNode(
              access | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC,
              FIELD,
              "J",
              null,
              before));
    }
  }

  /** Of enums and records the JDK compares none. */
  private static boolean isSerializable(ClassNode owner, ClassHierarchy hierarchy) {
    boolean serializable = false;
    for (String type : owner.interfaces) {
      serializable |= hierarchy.mayBeSubclass(type, "java/io/Serializable");
    }
    if (owner.superName != null) {
      serializable |= hierarchy.mayBeSubclass(owner.superName, "java/io/Serializable");
      serializable &= !hierarchy.isSubclass(owner.superName, "java/lang/Enum");
      serializable &= !owner.superName.equals("java/lang/Record");
    }
    return serializable;
  }

  /** Also a field that the JDK would not look at: there cannot be a second one of that name. */
  private static boolean declares(ClassNode owner) {
    return owner.fields.stream().anyMatch(field -> field.name.equals(FIELD));
  }

  private static long computed(ClassNode owner) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(owner, out);
      byte[] hash = MessageDigest.getInstance("SHA").digest(bytes.toByteArray());
      long number = 0;
      for (int i = Math.min(hash.length, 8) - 1; i >= 0; i--) {
        number = number << 8 | hash[i] & 0xFF;
      }
      return number;
    } catch (IOException e) { // a name of more than 65,535 bytes, which no class file can have
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }

  private static void write(ClassNode owner, DataOutputStream out) throws IOException {
    out.writeUTF(owner.name.replace('/', '.'));
    out.writeInt(classFlags(owner));
    for (String name :
        owner.interfaces.stream().map(each -> each.replace('/', '.')).sorted().toList()) {
      out.writeUTF(name);
    }
    List<FieldNode> fields =
        owner.fields.stream().sorted(Comparator.comparing(field -> field.name)).toList();
    for (FieldNode field : fields) {
      int flags = field.access & FIELD_FLAGS;
      if ((flags & Opcodes.ACC_PRIVATE) == 0
          || (flags & (Opcodes.ACC_STATIC | Opcodes.ACC_TRANSIENT)) == 0) {
        write(out, field.name, flags, field.desc);
      }
    }
    List<MethodNode> methods =
        owner.methods.stream()
            .sorted(
                Comparator.comparing((MethodNode method) -> method.name)
                    .thenComparing(method -> method.desc))
            .toList();
    if (methods.stream().anyMatch(method -> method.name.equals("<clinit>"))) {
      write(out, "<clinit>", Opcodes.ACC_STATIC, "()V");
    }
    writeMethods(out, methods.stream().filter(method -> method.name.equals("<init>")).toList());
    writeMethods(out, methods.stream().filter(method -> !method.name.startsWith("<")).toList());
  }

  private static int classFlags(ClassNode owner) {
    int flags = owner.access;
    for (InnerClassNode inner : owner.innerClasses) {
      if (inner.name.equals(owner.name)) {
        flags = inner.access; // what reflection says of a member class
      }
    }
    if ((flags & Opcodes.ACC_INTERFACE) != 0) {
      boolean methods = owner.methods.stream().anyMatch(method -> !method.name.startsWith("<"));
      flags = methods ? flags | Opcodes.ACC_ABSTRACT : flags & ~Opcodes.ACC_ABSTRACT;
    }
    return flags & CLASS_FLAGS;
  }

  private static void writeMethods(DataOutputStream out, List<MethodNode> methods)
      throws IOException {
    for (MethodNode method : methods) {
      int flags = method.access & METHOD_FLAGS;
      if ((flags & Opcodes.ACC_PRIVATE) == 0) {
        write(out, method.name, flags, method.desc.replace('/', '.'));
      }
    }
  }

  private static void write(DataOutputStream out, String name, int flags, String descriptor)
      throws IOException {
    out.writeUTF(name);
    out.writeInt(flags);
    out.writeUTF(descriptor);
  }
}
