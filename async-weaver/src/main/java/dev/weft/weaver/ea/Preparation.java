package dev.weft.weaver.ea;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Small rewritings that keep EA Async from its known errors, and give all awaits one form. */
final class Preparation {
  private Preparation() {}

  /**
   * Makes every await {@code com.ea.async.Async.await(Await.future(stage))}. EA knows no other, and
   * with the exact type CompletableFuture on the stack it emits one shape only.
   */
  static void normalizeAwaits(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (AwaitCall.isEaInit(insn)) {
        method.instructions.set(insn, new InsnNode(Opcodes.NOP));
      } else if (AwaitCall.isAwait(insn)) {
        MethodInsnNode call = (MethodInsnNode) insn;
        method.instructions.insertBefore(
            call,
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                Names.AWAIT_RUNTIME,
                "future",
                "(L" + Names.STAGE + ";)" + Names.FUTURE_DESC,
                false));
        call.owner = Names.EA_ASYNC;
        call.desc = Names.AWAIT_DESC;
      }
    }
  }

  /**
   * Moves loads of dynamic constants into methods of their own; EA's visitor is older than they
   * are.
   *
   * @return those methods
   */
  static List<MethodNode> hoistDynamicConstants(ClassNode owner, MethodNode method) {
    List<MethodNode> helpers = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn instanceof LdcInsnNode load && load.cst instanceof ConstantDynamic constant) {
        Type type = Type.getType(constant.getDescriptor());
        MethodNode helper =
            new MethodNode(
                Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                helperName(owner, method, helpers),
                "()" + type.getDescriptor(),
                null,
                null);
        helper.visitLdcInsn(constant);
        helper.visitInsn(type.getOpcode(Opcodes.IRETURN));
        helper.visitMaxs(2, 0);
        helpers.add(helper);
        method.instructions.set(
            load,
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                owner.name,
                helper.name,
                helper.desc,
                (owner.access & Opcodes.ACC_INTERFACE) != 0));
      }
    }
    return helpers;
  }

  /** A name that no method of the class has; helpers of methods woven before are among them. */
  private static String helperName(ClassNode owner, MethodNode method, List<MethodNode> helpers) {
    Set<String> taken =
        Stream.concat(owner.methods.stream(), helpers.stream())
            .map(other -> other.name)
            .collect(Collectors.toSet());
    int i = 0;
    while (taken.contains("weft$constant$" + method.name + "$" + i)) {
      i++;
    }
    return "weft$constant$" + method.name + "$" + i;
  }

  /** Gives a method that starts with a loop something to stand before the loop. */
  static void padLoopHead(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode) {
        method.instructions.insert(new InsnNode(Opcodes.NOP));
        return;
      }
      if (insn.getOpcode() >= 0) {
        return;
      }
    }
  }
}
