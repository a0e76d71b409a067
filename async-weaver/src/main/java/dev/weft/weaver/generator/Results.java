package dev.weft.weaver.generator;

import dev.weft.weaver.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/** What a generator returns, which has to be {@code end()} on every path. */
final class Results extends BasicInterpreter {
  /** What {@code end()} has made, and nothing else. */
  private static final BasicValue END =
      new BasicValue(Type.getObjectType(Names.STREAM)) {
        @Override
        @SuppressWarnings("ReferenceEquality") // there is one
        public boolean equals(@Nullable Object other) {
          return other == this;
        }

        @Override
        public int hashCode() {
          return System.identityHashCode(this);
        }
      };

  private Results() {
    super(Opcodes.ASM9);
  }

  /** The returns of something else. */
  static List<AbstractInsnNode> others(ClassNode owner, MethodNode method) {
    List<AbstractInsnNode> others = new ArrayList<>();
    Frame<BasicValue>[] frames;
    try {
      frames = new Analyzer<>(new Results()).analyzeAndComputeMaxs(owner.name, method);
    } catch (AnalyzerException nonsense) {
      return others; // the engines say what is wrong with it
    }
    for (int i = 0; i < frames.length; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      Frame<BasicValue> frame = frames[i];
      if (insn.getOpcode() == Opcodes.ARETURN
          && frame != null // else it cannot be reached
          && !END.equals(frame.getStack(frame.getStackSize() - 1))) {
        others.add(insn);
      }
    }
    return others;
  }

  @Override
  public @Nullable BasicValue naryOperation(
      AbstractInsnNode insn, List<? extends BasicValue> values) throws AnalyzerException {
    return Generators.isEnd(insn) ? END : super.naryOperation(insn, values);
  }

  @Override
  public BasicValue merge(BasicValue one, BasicValue other) {
    boolean first = END.equals(one);
    boolean second = END.equals(other);
    if (!first && !second) {
      return super.merge(one, other);
    }
    BasicValue rest = first ? other : one;
    return rest.isReference()
        ? first && second ? END : BasicValue.REFERENCE_VALUE
        : BasicValue.UNINITIALIZED_VALUE;
  }
}
