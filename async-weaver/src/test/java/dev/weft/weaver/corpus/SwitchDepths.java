package dev.weft.weaver.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds switches behind which the operand stack has another depth than the switch leaves.
 *
 * <p>The JVM's specification allows that. But HotSpot (17 to 25 at least), when it words the
 * message of a NullPointerException, takes control to fall through a switch; with another depth
 * behind it, it reads and writes outside its arrays, which gives a wrong message or ends the JVM.
 */
public final class SwitchDepths {
  private SwitchDepths() {}

  /** The methods that have such a switch. */
  public static List<String> mismatches(Collection<byte[]> classFiles) {
    List<String> found = new ArrayList<>();
    for (byte[] classFile : classFiles) {
      ClassNode type = new ClassNode();
      new ClassReader(classFile).accept(type, ClassReader.SKIP_DEBUG);
      for (MethodNode method : type.methods) {
        if (hasMismatch(type.name, method)) {
          found.add(type.name + "." + method.name + method.desc);
        }
      }
    }
    return found;
  }

  private static boolean hasMismatch(String owner, MethodNode method) {
    if (!contains(method)) {
      return false;
    }
    Frame<BasicValue>[] frames;
    try {
      frames = new Analyzer<>(new BasicInterpreter()).analyze(owner, method);
    } catch (AnalyzerException e) {
      throw new AssertionError(e);
    }
    for (AbstractInsnNode insn : method.instructions) {
      Frame<BasicValue> before = frames[method.instructions.indexOf(insn)];
      if (isSwitch(insn) && before != null) {
        AbstractInsnNode next = insn.getNext();
        while (next != null && next.getOpcode() < 0) {
          next = next.getNext();
        }
        Frame<BasicValue> behind = next == null ? null : frames[method.instructions.indexOf(next)];
        if (behind == null || depth(behind) != depth(before) - 1) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean contains(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (isSwitch(insn)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSwitch(AbstractInsnNode insn) {
    return insn instanceof TableSwitchInsnNode || insn instanceof LookupSwitchInsnNode;
  }

  private static int depth(Frame<BasicValue> frame) {
    int depth = 0;
    for (int i = 0; i < frame.getStackSize(); i++) {
      depth += frame.getStack(i).getSize();
    }
    return depth;
  }
}
