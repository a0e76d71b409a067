package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Which methods of a class, woven or not, have a bare entry or may have one. */
final class BareMethods {
  private static final int UNFIT_FLAGS =
      Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNCHRONIZED;

  /**
   * The most words of parameters, the receiver with them: the engines take 250 with their own, and
   * the entry has one more. Nor do method handles take as many as methods do.
   */
  private static final int MOST_WORDS = 247;

  private static final int ENTRY_FLAGS = Opcodes.ACC_PRIVATE | Opcodes.ACC_BRIDGE;

  /** Annotations that are for compilers, and for those who read the source. */
  private static final Set<String> SAYS_NOTHING =
      Set.of(
          "Deprecated;",
          "SafeVarargs;",
          "CheckReturnValue;",
          "Nullable;",
          "NonNull;",
          "Nonnull;",
          "NotNull;");

  private final Unextended unextended;

  BareMethods(ClassHierarchy hierarchy) {
    unextended = new Unextended(hierarchy);
  }

  /** True of an async method that can be given one. */
  boolean mayHaveEntry(ClassNode owner, MethodNode method) {
    return returnsFuture(method.desc)
        && (method.access & UNFIT_FLAGS) == 0
        && Type.getArgumentsAndReturnSizes(method.desc) >> 2 <= MOST_WORDS
        && !isMarked(method)
        && !isTaken(owner, method)
        && BareReturns.hasOne(method)
        && isBoundStatically(owner, method); // last, as it may read other classes
  }

  /** True if a method of another class has an entry, or will have one when it is woven. */
  boolean hasOrGetsEntry(ClassNode owner, MethodNode method) {
    String desc = BareEntry.descriptor(method);
    return owner.methods.stream()
            .anyMatch(
                each ->
                    each.name.equals(method.name)
                        && each.desc.equals(desc)
                        && (each.access & ENTRY_FLAGS) == ENTRY_FLAGS)
        || mayHaveEntry(owner, method) && awaits(method);
  }

  /** True of the types of future that a method with an entry may return. */
  static boolean returnsFuture(String descriptor) {
    return descriptor.endsWith(")" + Names.FUTURE_DESC)
        || descriptor.endsWith(")" + Names.TASK_DESC);
  }

  /** True of one that no other class calls: private, and not of the source, as lambdas are. */
  static boolean isOwn(MethodNode method) {
    int own = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
    return (method.access & own) == own;
  }

  private static boolean awaits(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isWeftAwait(insn)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBoundStatically(ClassNode owner, MethodNode method) {
    int bound = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
    return (method.access & bound) != 0
        || (owner.access & Opcodes.ACC_FINAL) != 0
        || unextended.isOne(owner);
  }

  /**
   * True if it has an annotation that may have others look for it by its name, JUnit's for example,
   * or give it advice: they are to see each call.
   */
  private static boolean isMarked(MethodNode method) {
    List<AnnotationNode> annotations = method.visibleAnnotations;
    return annotations != null
        && annotations.stream()
            .anyMatch(
                each ->
                    each.desc.contains("/validation/") // which is done at each call
                        || !SAYS_NOTHING.contains(each.desc.replaceFirst(".*[/$]|^L", "")));
  }

  /**
   * There is another method that would have its entry in the same place: one that differs by what
   * it returns alone, as obfuscators make them and the language does not know them. Or the class is
   * woven.
   */
  private static boolean isTaken(ClassNode owner, MethodNode method) {
    String desc = BareEntry.descriptor(method);
    return owner.methods.stream()
        .filter(each -> each != method && each.name.equals(method.name))
        .anyMatch(
            each ->
                each.desc.equals(desc)
                    || (each.access & Opcodes.ACC_BRIDGE) == 0
                        && returnsFuture(each.desc)
                        && BareEntry.descriptor(each).equals(desc));
  }
}
