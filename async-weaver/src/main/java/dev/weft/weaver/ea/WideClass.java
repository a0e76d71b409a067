package dev.weft.weaver.ea;

import dev.weft.weaver.jumps.FarJumps;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The class in which EA Async splits a method, in place of ASM's: it widens far jumps before EA
 * writes it. Public because EA's classes have a class loader of their own.
 */
public class WideClass extends ClassNode {
  public WideClass() {
    super(Opcodes.ASM9);
  }

  @Override
  public void accept(ClassVisitor writer) {
    methods.forEach(WideClass::expand);
    FarJumps.widen(this);
    super.accept(writer);
  }

  /** EA writes full frames, which hold the same entries as expanded ones under another name. */
  private static void expand(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame && frame.type == Opcodes.F_FULL) {
        frame.type = Opcodes.F_NEW;
      }
    }
  }
}
