package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * An await whose stage is, on one way at least, what a call has just returned: {@code
 * await(foo(x))}, or {@code await(c ? foo(x) : y)}.
 *
 * @param await the await
 * @param calls what it awaits the result of
 * @param futures what makes its stage on the other ways, and leaves a future
 * @param stages the same, of what is no future by its type
 * @param joins the stack map frames where ways meet, with the stage on top of the stack
 */
record BareSite(
    MethodInsnNode await,
    List<MethodInsnNode> calls,
    List<AbstractInsnNode> futures,
    List<AbstractInsnNode> stages,
    Set<FrameNode> joins) {

  /**
   * Has the calls go by the bare entry, and the await look at what they return.
   *
   * @param owner the caller's class
   * @param behind the stack map frame behind the await
   * @param counts false if what is called has looked at the coop budget, see {@link PassedAwaits}
   */
  void rewrite(
      String owner, MethodNode caller, FrameNode behind, boolean inInterface, boolean counts) {
    for (MethodInsnNode call : calls) {
      if (!call.owner.equals(owner)) {
        caller.instructions.set(call, OtherClasses.linked(call));
        continue;
      }
      call.desc = BareEntry.descriptor(call.desc);
      caller.instructions.insertBefore(call, new InsnNode(Opcodes.ACONST_NULL));
      if (call.getOpcode() != Opcodes.INVOKESTATIC) {
        call.setOpcode(Opcodes.INVOKESPECIAL); // it is private
      }
      call.itf = inInterface;
    }
    // A null among these is not to be taken for a value.
    for (AbstractInsnNode made : futures) {
      caller.instructions.insert(made, BareReturns.returned());
    }
    for (AbstractInsnNode made : stages) {
      caller.instructions.insert(
          made,
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              Names.AWAIT_RUNTIME,
              "future",
              "(L" + Names.STAGE + ";)" + Names.FUTURE_DESC,
              false));
    }
    for (FrameNode join : joins) {
      List<Object> stack = new ArrayList<>(join.stack);
      stack.set(stack.size() - 1, BareEntry.OBJECT);
      join.stack = stack;
    }
    LabelNode value = new LabelNode();
    InsnList before = new InsnList();
    before.add(new InsnNode(Opcodes.DUP));
    if (counts) {
      before.add(runtime("isValue", "(" + Names.OBJECT_DESC + ")Z"));
      before.add(new JumpInsnNode(Opcodes.IFNE, value));
    } else {
      TypeInsnNode cast = plainCastBehind();
      if (cast != null) {
        before.add(new TypeInsnNode(Opcodes.INSTANCEOF, cast.desc));
        before.add(new JumpInsnNode(Opcodes.IFNE, value));
        before.add(new InsnNode(Opcodes.DUP));
      }
      before.add(new TypeInsnNode(Opcodes.INSTANCEOF, Names.FUTURE));
      before.add(new JumpInsnNode(Opcodes.IFEQ, value));
    }
    before.add(runtime("stage", "(" + Names.OBJECT_DESC + ")" + Names.FUTURE_DESC));
    caller.instructions.insertBefore(await, before);
    InsnList after = new InsnList();
    after.add(value);
    after.add(behind);
    if (isFrameNext(await)) {
      after.add(new InsnNode(Opcodes.NOP)); // no two frames may stand in one place
    }
    caller.instructions.insert(await, after);
  }

  /**
   * The cast of the result to a final class. To look for that first leaves one comparison, since
   * the compiler drops the cast then, and what is a value of that class is no future.
   */
  private @Nullable TypeInsnNode plainCastBehind() {
    AbstractInsnNode at = await.getNext();
    while (at instanceof LabelNode || at instanceof LineNumberNode) {
      at = at.getNext();
    }
    return at instanceof TypeInsnNode cast
            && cast.getOpcode() == Opcodes.CHECKCAST
            && BareReturns.isPlain(cast.desc)
        ? cast
        : null;
  }

  private static boolean isFrameNext(AbstractInsnNode insn) {
    for (AbstractInsnNode at = insn.getNext(); at != null; at = at.getNext()) {
      if (at instanceof FrameNode) {
        return true;
      }
      if (!(at instanceof LabelNode || at instanceof LineNumberNode)) {
        return false;
      }
    }
    return false;
  }

  static MethodInsnNode runtime(String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.BARE, name, descriptor, false);
  }
}
