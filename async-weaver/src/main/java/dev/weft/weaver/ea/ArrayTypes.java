package dev.weft.weaver.ea;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;

/**
 * What EA Async's type interpreter extends in place of ASM's: it knows what is read from an array,
 * which EA takes for an Object. Public because EA's classes have a class loader of their own.
 */
public class ArrayTypes extends BasicInterpreter {
  protected ArrayTypes(int api) {
    super(api);
  }

  @Override
  public BasicValue binaryOperation(AbstractInsnNode insn, BasicValue left, BasicValue right)
      throws AnalyzerException {
    Type array = insn.getOpcode() == Opcodes.AALOAD ? left.getType() : null;
    return array != null && array.getSort() == Type.ARRAY
        ? newValue(Type.getType(array.getDescriptor().substring(1)))
        : super.binaryOperation(insn, left, right);
  }
}
