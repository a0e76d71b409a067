package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Calls of the async methods of other classes, which may be woven before this one, after it, or
 * anew without it: so such a call is linked when it first runs, to the entry that is there then.
 */
final class OtherClasses {
  private static final Handle LINK =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          Names.BARE_LINK,
          "call",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
              + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;)"
              + "Ljava/lang/invoke/CallSite;",
          false);

  private final ClassNode caller;
  private final ClassHierarchy hierarchy;
  private final BareMethods entries;

  /** Those that were asked for; null if there is none to be read. */
  private final Map<String, @Nullable ClassNode> classes = new HashMap<>();

  OtherClasses(ClassNode caller, ClassHierarchy hierarchy, BareMethods entries) {
    this.caller = caller;
    this.hierarchy = hierarchy;
    this.entries = entries;
  }

  /** True if what is called has a bare entry, as far as that can be seen. */
  boolean isFit(MethodInsnNode call) {
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    if (!isStatic && call.getOpcode() != Opcodes.INVOKEVIRTUAL || call.owner.startsWith("[")) {
      return false;
    }
    if (!BareMethods.returnsFuture(call.desc) || !canBeNamed(call)) {
      return false;
    }
    if (!classes.containsKey(call.owner)) {
      classes.put(call.owner, read(call.owner));
    }
    ClassNode owner = classes.get(call.owner);
    if (owner == null) {
      return false;
    }
    for (MethodNode method : owner.methods) {
      if (method.name.equals(call.name) && method.desc.equals(call.desc)) {
        return (method.access & Opcodes.ACC_STATIC) != 0 == isStatic
            && ((method.access & Opcodes.ACC_PRIVATE) == 0 || isOfSameNest(owner))
            && !BareMethods.isOwn(method)
            && entries.hasOrGetsEntry(owner, method);
      }
    }
    return false;
  }

  /** Only these may call its private methods, which have an entry for that. */
  private boolean isOfSameNest(ClassNode owner) {
    return nestOf(owner).equals(nestOf(caller));
  }

  private static String nestOf(ClassNode type) {
    return type.nestHostClass == null ? type.name : type.nestHostClass;
  }

  /**
   * The JVM looks at the types of such a call as at those that the class names itself, and it loads
   * them all, which it does not for a plain call: so one that is not there makes this one fail. Who
   * leaves a class out of the weaver's class path may do so because it is not there at run time.
   */
  private boolean canBeNamed(MethodInsnNode call) {
    if (!mayName(call.owner)) {
      return false;
    }
    for (Type type : Type.getArgumentTypes(call.desc)) {
      Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
      if (element.getSort() == Type.OBJECT && !mayName(element.getInternalName())) {
        return false;
      }
    }
    return true;
  }

  private boolean mayName(String type) {
    return type.equals(Names.TASK) // which is there where woven code runs
        || hierarchy.knows(type) && hierarchy.isAccessible(type, caller.name);
  }

  private @Nullable ClassNode read(String name) {
    if (name.startsWith("java/") || name.startsWith("dev/weft/")) {
      return null;
    }
    ClassReader reader = hierarchy.reader(name);
    if (reader == null) {
      return null;
    }
    ClassNode node = new ClassNode();
    try {
      reader.accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException damaged) { // the JVM will say what is wrong with it
      return null;
    }
    return node;
  }

  /**
   * The call that is linked when it first runs. The method is a constant of its own, by which a
   * shrinker sees that it is called, and an obfuscator gives it its new name here as well. The
   * call's own name stays what it is: by that it is seen that the method has been renamed.
   */
  static InvokeDynamicInsnNode linked(MethodInsnNode call) {
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    String type = BareEntry.linked(call.desc);
    int tag = isStatic ? Opcodes.H_INVOKESTATIC : Opcodes.H_INVOKEVIRTUAL;
    return new InvokeDynamicInsnNode(
        call.name,
        isStatic ? type : "(L" + call.owner + ";" + type.substring(1),
        LINK,
        new Handle(tag, call.owner, call.name, call.desc, call.itf));
  }
}
