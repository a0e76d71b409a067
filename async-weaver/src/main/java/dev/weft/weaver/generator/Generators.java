package dev.weft.weaver.generator;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The generators of a class, divided in two. What was
 *
 * <pre>{@code
 * static AsyncStream<Row> rows(Table table) {
 *   for (int i = 0; i < table.size(); i++) {
 *     emit(await(table.row(i)));
 *   }
 *   return end();
 * }
 * }</pre>
 *
 * is then a method that makes a stream and an async method, which is woven as any other:
 *
 * <pre>{@code
 * static AsyncStream<Row> rows(Table table) {
 *   return Generator.of(generator -> lambda$rows$generator(table, generator));
 * }
 *
 * private static CompletionStage lambda$rows$generator(Table table, Generator generator) {
 *   for (int i = 0; i < table.size(); i++) {
 *     await(Generator.emit(await(table.row(i)), generator));
 *   }
 *   return Generator.end(); // complete
 * }
 * }</pre>
 *
 * An {@code emit} is told from an await that the source has by {@link #emits}.
 */
public final class Generators {
  private static final String LAMBDA = "lambda$";

  private final ClassNode owner;
  private final Set<String> names;
  private final ClassHierarchy hierarchy;
  private final Map<MethodNode, MethodNode> sources = new HashMap<>();
  private final Set<AbstractInsnNode> emits = new HashSet<>();
  private final List<Refusal> refusals = new ArrayList<>();

  /**
   * Divides those of a class.
   *
   * @param names of its methods, to which those of the new ones are added
   * @param hierarchy tells which elements cannot be of the type that a generator is declared with
   */
  public Generators(ClassNode owner, Set<String> names, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.names = names;
    this.hierarchy = hierarchy;
    for (MethodNode method : List.copyOf(owner.methods)) {
      scan(method);
    }
  }

  /** True if the class has none. */
  public boolean isEmpty() {
    return sources.isEmpty();
  }

  /** The generator methods. */
  public Iterable<MethodNode> methods() {
    return sources.values();
  }

  /** What is wrong with methods that emit. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /** The awaits that stand for an emit. */
  public Set<AbstractInsnNode> emits() {
    return emits;
  }

  /** The method in the source: the generator whose body a method is, or the method itself. */
  public MethodNode sourceOf(MethodNode method) {
    return sources.getOrDefault(method, method);
  }

  private void scan(MethodNode method) {
    List<MethodInsnNode> calls = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (isEmit(insn) || isEnd(insn)) {
        calls.add((MethodInsnNode) insn);
      } else if (refersToEmit(insn)) {
        refuse(
            insn,
            DiagnosticCode.METHOD_REFERENCE,
            "emit or end as a method reference: only a direct call can be woven. Call it in the"
                + " generator itself");
      }
    }
    if (calls.isEmpty() && !awaitsForEver(method)) {
      return;
    }
    if (!returned(method).equals(Names.STREAM)) {
      calls.forEach(call -> refuse(call, DiagnosticCode.EMIT_OUTSIDE, misplaced(method, call)));
      return;
    }
    List<AbstractInsnNode> others = Results.others(owner, method);
    for (AbstractInsnNode other : others) {
      refuse(
          other,
          DiagnosticCode.GENERATOR_RESULT,
          "the generator "
              + method.name
              + " returns something other than end(): what it hands out it emits. Read another stream"
              + " in a loop and emit its elements, or make that a method without emit");
    }
    refusals.addAll(EmittedTypes.refusals(owner, method, hierarchy));
    if (others.isEmpty()) {
      Division division = new Division(owner, method, bodyName(method));
      emits.addAll(division.emits());
      owner.methods.add(division.body());
      sources.put(division.body(), method);
    }
  }

  /**
   * True for a generator whose emits and end cannot be reached, so that no compiler writes them.
   */
  private boolean awaitsForEver(MethodNode method) {
    if (!returned(method).equals(Names.STREAM)) {
      return false;
    }
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isWeftAwait(insn)) {
        return Results.others(owner, method).isEmpty();
      }
    }
    return false;
  }

  private static String returned(MethodNode method) {
    Type type = Type.getReturnType(method.desc);
    return type.getSort() == Type.OBJECT ? type.getInternalName() : "";
  }

  private static String misplaced(MethodNode method, MethodInsnNode call) {
    boolean lambda = (method.access & Opcodes.ACC_SYNTHETIC) != 0 && method.name.startsWith(LAMBDA);
    String where =
        lambda
            ? "a lambda that returns "
            : method.name.equals("<init>")
                ? "a constructor, which returns "
                : "a method that returns ";
    String remedy =
        lambda
            ? "Emit in the method around it, for example in a loop"
            : "Return an AsyncStream, and end with return AsyncStream.end()";
    return call.name
        + " in "
        + where
        + Type.getReturnType(method.desc).getClassName()
        + ": only a method that returns an AsyncStream can be a generator. "
        + remedy;
  }

  /** As javac would call a lambda, from which tools and people get the method's own name. */
  private String bodyName(MethodNode method) {
    String base = (method.name.startsWith(LAMBDA) ? "" : LAMBDA) + method.name + "$generator";
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "$" + i;
    }
    return name;
  }

  /** A call of {@code AsyncStream.emit}. */
  static boolean isEmit(AbstractInsnNode insn) {
    return isCall(insn, Names.EMIT, Names.EMIT_DESC);
  }

  /** A call of {@code AsyncStream.end}. */
  static boolean isEnd(AbstractInsnNode insn) {
    return isCall(insn, Names.END, Names.END_DESC);
  }

  private static boolean isCall(AbstractInsnNode insn, String name, String descriptor) {
    return insn instanceof MethodInsnNode call
        && call.getOpcode() == Opcodes.INVOKESTATIC
        && call.owner.equals(Names.STREAM)
        && call.name.equals(name)
        && call.desc.equals(descriptor);
  }

  private static boolean refersToEmit(AbstractInsnNode insn) {
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      for (Object argument : dynamic.bsmArgs) {
        if (isHandle(argument)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isHandle(@Nullable Object constant) {
    if (constant instanceof ConstantDynamic dynamic) {
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        if (isHandle(dynamic.getBootstrapMethodArgument(i))) {
          return true;
        }
      }
      return false;
    }
    return constant instanceof Handle handle
        && handle.getOwner().equals(Names.STREAM)
        && (handle.getName().equals(Names.EMIT) || handle.getName().equals(Names.END));
  }

  private void refuse(AbstractInsnNode at, DiagnosticCode code, String message) {
    refusals.add(new Refusal(code, AwaitCall.lineOf(at), message));
  }
}
