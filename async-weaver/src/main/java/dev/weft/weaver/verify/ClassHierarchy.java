package dev.weft.weaver.verify;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Who extends whom, read from class files without loading a class. What cannot be found is given
 * the benefit of the doubt: the JVM will look again.
 */
public final class ClassHierarchy {
  private static final String OBJECT = "java/lang/Object";

  /** Whether a class can be made by {@code new X()}. */
  public enum Construction {
    POSSIBLE,
    ABSTRACT,
    NO_CONSTRUCTOR
  }

  private record Header(int access, @Nullable String superName, String[] interfaces) {
    boolean isInterface() {
      return (access & Opcodes.ACC_INTERFACE) != 0;
    }
  }

  /**
   * The JDK's own classes, which every class source finds and nobody can replace ({@code java.} is
   * for the JDK alone): read once for all weaving, as they are most of what is asked for. No more
   * than the JDK has.
   */
  private static final Map<String, Header> JDK = new ConcurrentHashMap<>();

  private static final ClassSource JDK_SOURCE = ClassSource.of(null);

  private final ClassSource source;
  private final Map<String, @Nullable Header> headers = new HashMap<>();

  public ClassHierarchy(ClassSource source) {
    this.source = source;
  }

  /** Where the classes are read. */
  public ClassSource source() {
    return source;
  }

  /** Makes a class known that the source cannot find, or finds in another version. */
  public void add(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    headers.put(reader.getClassName(), header(reader));
  }

  /** True if the class could be read. */
  public boolean knows(String internalName) {
    return find(internalName) != null;
  }

  /** True for an interface that could be read. */
  public boolean isInterface(String internalName) {
    Header header = find(internalName);
    return header != null && header.isInterface();
  }

  /** True if one class is, extends or implements another, as far as that can be read. */
  public boolean isSubclass(String internalName, String ancestor) {
    return isSubclass(internalName, ancestor, new HashSet<>());
  }

  /** As {@link #isSubclass}, and true where a class on the way cannot be read. */
  public boolean mayBeSubclass(String internalName, String ancestor) {
    return isSubclass(internalName, ancestor) || leadsToUnknown(internalName, new HashSet<>());
  }

  private boolean leadsToUnknown(@Nullable String name, Set<String> seen) {
    if (name == null || !seen.add(name)) {
      return false;
    }
    Header header = find(name);
    if (header == null) {
      return true;
    }
    for (String parent : header.interfaces()) {
      if (leadsToUnknown(parent, seen)) {
        return true;
      }
    }
    return leadsToUnknown(header.superName(), seen);
  }

  private boolean isSubclass(@Nullable String name, String ancestor, Set<String> seen) {
    if (name == null || !seen.add(name)) {
      return false;
    }
    if (name.equals(ancestor) || name.equals(Names.TASK) && ancestor.equals(Names.FUTURE)) {
      return true;
    }
    Header header = find(name);
    if (header == null) {
      return false;
    }
    for (String parent : header.interfaces()) {
      if (isSubclass(parent, ancestor, seen)) {
        return true;
      }
    }
    return isSubclass(header.superName(), ancestor, seen);
  }

  /**
   * True if a class may name another; also if that other cannot be read.
   *
   * @param internalName the other class
   */
  public boolean isAccessible(String internalName, String caller) {
    Header header = find(internalName);
    return header == null
        || (header.access() & Opcodes.ACC_PUBLIC) != 0
        || packageOf(internalName).equals(packageOf(caller));
  }

  /**
   * Whether code in {@code caller} can make an instance of a class without arguments.
   *
   * @param nestHost the class whose private members {@code caller} may use
   */
  public Construction construction(String internalName, String caller, String nestHost) {
    ClassReader reader = reader(internalName, source);
    if (reader == null) {
      return Construction.NO_CONSTRUCTOR;
    }
    if ((reader.getAccess() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) != 0) {
      return Construction.ABSTRACT;
    }
    DefaultConstructor found = new DefaultConstructor(internalName);
    reader.accept(found, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    boolean callable =
        switch (found.access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PRIVATE)) {
          case Opcodes.ACC_PUBLIC -> true;
          case Opcodes.ACC_PRIVATE -> found.exists && found.nestHost.equals(nestHost);
          default -> found.exists && packageOf(internalName).equals(packageOf(caller));
        };
    return callable ? Construction.POSSIBLE : Construction.NO_CONSTRUCTOR;
  }

  private static final class DefaultConstructor extends ClassVisitor {
    String nestHost;
    boolean exists;
    int access;

    DefaultConstructor(String internalName) {
      super(Opcodes.ASM9);
      nestHost = internalName;
    }

    @Override
    public void visitNestHost(String host) {
      nestHost = host;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int flags,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      if (name.equals("<init>") && descriptor.equals("()V")) {
        exists = true;
        access = flags;
      }
      return null;
    }
  }

  private static String packageOf(String internalName) {
    return internalName.substring(0, internalName.lastIndexOf('/') + 1);
  }

  /**
   * The verifier's rule of assignment (JVMS 4.10.1.2): interfaces count as Object. True where a
   * class on the way cannot be read.
   */
  public boolean isAssignable(Type from, Type to) {
    if (from.equals(to) || to.getInternalName().equals(OBJECT)) {
      return true;
    }
    if (to.getSort() == Type.ARRAY) {
      return from.getSort() == Type.ARRAY && isComponentAssignable(from, to);
    }
    String target = to.getInternalName();
    if (find(target) == null || isInterface(target)) {
      return from.getSort() == Type.OBJECT
          || find(target) == null
          || target.equals("java/lang/Cloneable")
          || target.equals("java/io/Serializable");
    }
    return from.getSort() == Type.OBJECT && isSubclassOrUnknown(from.getInternalName(), target);
  }

  private boolean isComponentAssignable(Type from, Type to) {
    Type fromPart = Type.getType(from.getDescriptor().substring(1));
    Type toPart = Type.getType(to.getDescriptor().substring(1));
    boolean references = fromPart.getSort() >= Type.ARRAY && toPart.getSort() >= Type.ARRAY;
    return references ? isAssignable(fromPart, toPart) : fromPart.equals(toPart);
  }

  private boolean isSubclassOrUnknown(String name, String ancestor) {
    Set<String> seen = new HashSet<>();
    for (String at = name; at != null && seen.add(at); ) {
      if (at.equals(ancestor)) {
        return true;
      }
      Header header = find(at);
      if (header == null) {
        return true;
      }
      at = header.superName();
    }
    return false;
  }

  private @Nullable Header find(String name) {
    if (name.startsWith("java/")) {
      Header known = JDK.get(name);
      if (known == null && (known = read(name, JDK_SOURCE)) != null) {
        JDK.put(name, known);
      }
      if (known != null) {
        return known;
      }
    }
    if (!headers.containsKey(name)) {
      headers.put(name, read(name, source));
    }
    return headers.get(name);
  }

  /** The class file of a class, to be read for more than who it extends; null if there is none. */
  public @Nullable ClassReader reader(String internalName) {
    return reader(internalName, source);
  }

  private static @Nullable Header read(String name, ClassSource source) {
    ClassReader reader = reader(name, source);
    return reader == null ? null : header(reader);
  }

  private static @Nullable ClassReader reader(String name, ClassSource source) {
    try {
      byte[] bytes = source.read(name);
      return bytes == null ? null : new ClassReader(bytes);
    } catch (RuntimeException unreadable) {
      // ASM's answer to damaged or too new class files, or a class loader that is closed
      return null;
    }
  }

  private static Header header(ClassReader reader) {
    return new Header(reader.getAccess(), reader.getSuperName(), reader.getInterfaces());
  }
}
