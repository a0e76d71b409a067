package dev.weft.weaver.direct;

import dev.weft.weaver.lower.Continuation;
import dev.weft.weaver.lower.Continuation.Argument;
import dev.weft.weaver.lower.Continuation.Source;
import dev.weft.weaver.lower.FrameClass;
import dev.weft.weaver.lower.ResultConversion;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** What stands under the async method's own name: it calls the body for its first run. */
final class Stub {
  private final AsyncMethod async;
  private final Continuation body;
  private final int ownArguments;
  private final MethodNode stub;

  private Stub(AsyncMethod async, Continuation body, int ownArguments) {
    this.async = async;
    this.body = body;
    this.ownArguments = ownArguments;
    MethodNode method = async.method();
    stub =
        new MethodNode(
            method.access & ~Opcodes.ACC_SYNCHRONIZED, method.name, method.desc, null, null);
  }

  /**
   * Makes it.
   *
   * @param ownArguments how many of the body's arguments are the method's own
   */
  static MethodNode of(AsyncMethod async, Continuation body, int ownArguments) {
    Stub made = new Stub(async, body, ownArguments);
    made.callBody();
    return made.stub;
  }

  private void callBody() {
    InsnList code = stub.instructions;
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    code.add(start);
    int slot = 0;
    for (int i = 0; i < body.arguments().size(); i++) {
      Argument argument = body.arguments().get(i);
      if (i < ownArguments) {
        code.add(new VarInsnNode(argument.type().getOpcode(Opcodes.ILOAD), slot));
        slot += argument.type().getSize();
      } else if (argument.source() == Source.FRAME) {
        code.add(new InsnNode(Opcodes.ACONST_NULL));
      } else {
        code.add(new InsnNode(FrameClass.defaultOf(argument.type())));
      }
    }
    code.add(
        new MethodInsnNode(
            opcode(), body.owner(), body.name(), body.descriptor(), body.isInterface()));
    code.add(end);
    returnResult(code);
    if (async.convention() == AsyncMethod.Convention.WEFT) {
      catchEverything(code, start, end);
    }
    keepParameterNames(start, code);
  }

  /** In class files older than Java 11, {@code invokevirtual} cannot call a private method. */
  private int opcode() {
    return body.isStatic() ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL;
  }

  private void returnResult(InsnList code) {
    if (async.result() != AsyncMethod.Result.FRAME) { // the body is declared to return an Object
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, async.returnType().getInternalName()));
    }
    code.add(new InsnNode(Opcodes.ARETURN));
  }

  /** What the body throws before it has ever suspended becomes a failed future as well. */
  private void catchEverything(InsnList code, LabelNode start, LabelNode end) {
    LabelNode handler = new LabelNode();
    code.add(handler);
    code.add(
        new FrameNode(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"}));
    code.add(ResultConversion.thrown(async));
    stub.tryCatchBlocks.add(new TryCatchBlockNode(start, end, handler, null));
  }

  /** There are libraries that read them here. */
  private void keepParameterNames(LabelNode start, InsnList code) {
    List<LocalVariableNode> all = async.method().localVariables;
    if (all == null || all.isEmpty()) {
      return;
    }
    LabelNode end = new LabelNode();
    code.add(end);
    int slots = 0;
    for (int i = 0; i < ownArguments; i++) {
      slots += body.arguments().get(i).type().getSize();
    }
    List<LocalVariableNode> kept = new ArrayList<>();
    LabelNode first = firstLabel();
    for (LocalVariableNode variable : all) {
      if (variable.index < slots && variable.start == first) {
        kept.add(
            new LocalVariableNode(
                variable.name, variable.desc, variable.signature, start, end, variable.index));
      }
    }
    stub.localVariables = kept;
  }

  private LabelNode firstLabel() {
    for (var insn : async.method().instructions) {
      if (insn instanceof LabelNode label) {
        return label;
      }
    }
    return new LabelNode();
  }
}
