package dev.weft.weaver.ea;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.Liveness;
import dev.weft.weaver.analysis.MonitorDepth;
import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.jumps.FarJumps;
import dev.weft.weaver.prepare.CodeCopy;
import dev.weft.weaver.prepare.DeadCode;
import dev.weft.weaver.prepare.DelayedNew;
import dev.weft.weaver.prepare.VariableRanges;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.scan.AwaitCall;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Splits with EA Async's own transformer, one method at a time: each is put into a class of its own
 * for it, returning a CompletableFuture whatever it is declared to return. So an error belongs to
 * one method, and what EA does to the rest of a class does not matter.
 */
final class EaSplitter {
  private EaSplitter() {}

  /**
   * Splits one method. Neither the class nor the method is changed.
   *
   * @throws Refusal if EA Async cannot split the method
   */
  static SplitMethod split(ClassNode owner, AsyncMethod async) throws Refusal {
    MethodNode method =
        CodeCopy.of(
            async.method(),
            Type.getMethodDescriptor(
                Type.getObjectType(Names.FUTURE), Type.getArgumentTypes(async.method().desc)));
    Map<AbstractInsnNode, Integer> lines = AwaitCall.linesIn(method);
    try {
      DeadCode.remove(method);
      List<Boolean> ea = new ArrayList<>();
      for (AbstractInsnNode insn : method.instructions) {
        if (AwaitCall.isAwait(insn)) {
          ea.add(AwaitCall.isEaAwait(insn));
        }
      }
      Preparation.normalizeAwaits(method);
      DelayedNew.apply(owner.name, method);
      List<MethodNode> helpers = Preparation.hoistDynamicConstants(owner, method);
      Preparation.padLoopHead(method);
      List<SplitMethod.Point> points = points(owner.name, method, lines, ea);
      if (points.isEmpty()) {
        throw new Refusal(
            DiagnosticCode.UNREACHABLE,
            async.line(),
            "no await of " + method.name + " can ever be reached");
      }
      clipVariables(method, points);
      ClassNode split = runEa(owner, method);
      return new SplitMethod(
          named(split, method.name), continuation(split, method.name), points, helpers);
    } catch (AnalyzerException | MethodTooLargeException e) {
      DiagnosticCode code =
          e instanceof MethodTooLargeException
              ? DiagnosticCode.METHOD_TOO_LARGE
              : DiagnosticCode.UNSPLITTABLE;
      throw new Refusal(code, async.line(), cannotSplit(async, e));
    }
  }

  private static String cannotSplit(AsyncMethod async, Exception e) {
    return "the method "
        + async.method().name
        + " cannot be split at its awaits ("
        + (e instanceof MethodTooLargeException
            ? "it grows beyond the 64 KiB that a method may have"
            : e.getMessage())
        + "): move parts of it to methods of their own";
  }

  private static List<SplitMethod.Point> points(
      String owner, MethodNode method, Map<AbstractInsnNode, Integer> lines, List<Boolean> ea)
      throws AnalyzerException {
    TypeFlow types = new TypeFlow(owner, method);
    Liveness liveness = new Liveness(method);
    MonitorDepth monitors = new MonitorDepth(method);
    List<SplitMethod.Point> points = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (!AwaitCall.isAwait(insn)) {
        continue;
      }
      int index = method.instructions.indexOf(insn);
      Frame<BasicValue> awaited =
          Objects.requireNonNull(types.before(index - 1)); // before future()
      Frame<BasicValue> state = Objects.requireNonNull(types.before(index));
      BitSet nullLocals = new BitSet();
      for (int i = 0; i < state.getLocals(); i++) {
        nullLocals.set(i, TypeFlow.isNull(state.getLocal(i)));
      }
      BitSet nullStack = new BitSet();
      for (int i = 0; i < state.getStackSize(); i++) {
        nullStack.set(i, TypeFlow.isNull(state.getStack(i)));
      }
      points.add(
          new SplitMethod.Point(
              lines.getOrDefault(insn, 0),
              AwaitCall.isFuture(awaited.getStack(awaited.getStackSize() - 1).getType()),
              ea.get(points.size()),
              monitors.before(index),
              liveBefore(index, liveness, method),
              nullLocals,
              nullStack,
              variablesAt(method, index)));
    }
    return points;
  }

  private static void clipVariables(MethodNode method, List<SplitMethod.Point> points) {
    Map<AbstractInsnNode, VariableRanges.Cut> cuts = new HashMap<>();
    int next = 0;
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isAwait(insn)) {
        SplitMethod.Point point = points.get(next++);
        BitSet kept = (BitSet) point.live().clone();
        kept.or(point.nullLocals());
        cuts.put(insn, new VariableRanges.Cut(kept, null));
      }
    }
    new VariableRanges(method, cuts).clip();
  }

  /** The continuation of a synchronized method enters the monitor of {@code this}. */
  private static BitSet liveBefore(int index, Liveness liveness, MethodNode method) {
    BitSet live = liveness.before(index);
    if ((method.access & (Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_STATIC))
        == Opcodes.ACC_SYNCHRONIZED) {
      live = (BitSet) live.clone();
      live.set(0);
    }
    return live;
  }

  private static Map<Integer, SplitMethod.Variable> variablesAt(MethodNode method, int index) {
    Map<Integer, SplitMethod.Variable> variables = new HashMap<>();
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        if (method.instructions.indexOf(variable.start) <= index
            && index < method.instructions.indexOf(variable.end)) {
          variables.put(variable.index, new SplitMethod.Variable(variable.name, variable.desc));
        }
      }
    }
    return variables;
  }

  private static ClassNode runEa(ClassNode owner, MethodNode method) throws AnalyzerException {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        owner.version,
        owner.access & ~Opcodes.ACC_MODULE,
        owner.name,
        null,
        "java/lang/Object",
        null);
    FarJumps.widened(owner.name, method).accept(writer);
    ClassNode result = new ClassNode();
    new ClassReader(transform(new ClassReader(writer.toByteArray())))
        .accept(result, ClassReader.EXPAND_FRAMES);
    return result;
  }

  private static byte[] transform(ClassReader reader) throws AnalyzerException {
    try {
      Class<?> transformer = EaTransformerLoader.transformer();
      Object instance = transformer.getDeclaredConstructor().newInstance();
      return (byte[])
          transformer
              .getMethod("transform", ClassLoader.class, ClassReader.class)
              .invoke(instance, EaSplitter.class.getClassLoader(), reader);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof AnalyzerException wrong) {
        throw wrong;
      }
      if (cause instanceof MethodTooLargeException tooLarge) {
        throw tooLarge;
      }
      if (cause instanceof RuntimeException wrong) {
        throw new AnalyzerException(null, "EA Async failed: " + wrong, wrong);
      }
      throw new IllegalStateException(cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("EA Async's transformer is not the one of version 1.2.3", e);
    }
  }

  private static MethodNode named(ClassNode split, String name) {
    MethodNode found = find(split, name);
    if (found == null) {
      throw new IllegalStateException("EA Async dropped the method " + name);
    }
    return found;
  }

  private static MethodNode continuation(ClassNode split, String name) {
    return named(split, "async$" + name);
  }

  private static @Nullable MethodNode find(ClassNode owner, String name) {
    for (MethodNode method : owner.methods) {
      if (method.name.equals(name)) {
        return method;
      }
    }
    return null;
  }
}
