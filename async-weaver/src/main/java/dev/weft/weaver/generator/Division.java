package dev.weft.weaver.generator;

import dev.weft.weaver.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Moves the code of a generator to a method of its own, with the generator as one more parameter,
 * the last, and leaves a method that makes the stream. What stood behind the parameters stands one
 * slot further up than it did.
 */
final class Division {
  private static final Handle METAFACTORY =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          "java/lang/invoke/LambdaMetafactory",
          "metafactory",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
              + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;"
              + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
          false);

  private final ClassNode owner;
  private final MethodNode method;
  private final boolean isStatic;

  /** The slot of the generator in the body. */
  private final int slot;

  private final MethodNode body;
  private final Set<AbstractInsnNode> emits = new HashSet<>();

  Division(ClassNode owner, MethodNode method, String bodyName) {
    this.owner = owner;
    this.method = method;
    this.isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    int sizes = Type.getArgumentsAndReturnSizes(method.desc) >> 2; // with a receiver
    this.slot = isStatic ? sizes - 1 : sizes;
    int kept = Opcodes.ACC_STATIC | Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_STRICT;
    List<Type> parameters = new ArrayList<>(List.of(Type.getArgumentTypes(method.desc)));
    parameters.add(Type.getObjectType(Names.GENERATOR));
    body =
        new MethodNode(
            Opcodes.ASM9,
            method.access & kept | Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC,
            bodyName,
            Type.getMethodDescriptor(
                Type.getObjectType(Names.STAGE), parameters.toArray(Type[]::new)),
            null,
            method.exceptions.toArray(String[]::new));
    // Which engine weaves it is said here.
    body.invisibleAnnotations = method.invisibleAnnotations;
    moveCode();
    replaceCalls();
    makeStream();
  }

  /** The async method. */
  MethodNode body() {
    return body;
  }

  /** The awaits in it that are emits. */
  Set<AbstractInsnNode> emits() {
    return emits;
  }

  private void moveCode() {
    body.instructions = method.instructions;
    body.tryCatchBlocks = method.tryCatchBlocks;
    body.localVariables = method.localVariables;
    body.maxLocals = method.maxLocals + 1;
    body.maxStack = method.maxStack + 1;
    for (AbstractInsnNode insn : body.instructions) {
      if (insn instanceof VarInsnNode variable) {
        variable.var = moved(variable.var);
      } else if (insn instanceof IincInsnNode increment) {
        increment.var = moved(increment.var);
      } else if (insn instanceof FrameNode frame && frame.local != null) {
        frame.local = withGenerator(frame.local);
      }
    }
    if (body.localVariables != null) {
      body.localVariables.forEach(variable -> variable.index = moved(variable.index));
    }
  }

  /** The locals of a stack map; those at its end that hold nothing are left out of it. */
  private List<Object> withGenerator(List<Object> before) {
    List<Object> locals = new ArrayList<>(before);
    int index = 0;
    for (int at = 0; at < slot; index++) {
      if (index == locals.size()) {
        locals.add(Opcodes.TOP);
      }
      Object local = locals.get(index);
      at += Opcodes.LONG.equals(local) || Opcodes.DOUBLE.equals(local) ? 2 : 1;
    }
    locals.add(index, Names.GENERATOR);
    return locals;
  }

  private int moved(int variable) {
    return variable >= slot ? variable + 1 : variable;
  }

  private void replaceCalls() {
    for (AbstractInsnNode insn : body.instructions.toArray()) {
      if (Generators.isEnd(insn)) {
        MethodInsnNode call = (MethodInsnNode) insn;
        call.owner = Names.GENERATOR;
        call.itf = false;
      } else if (Generators.isEmit(insn)) {
        InsnList code = new InsnList();
        code.add(new VarInsnNode(Opcodes.ALOAD, slot));
        code.add(
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                Names.GENERATOR,
                Names.EMIT,
                "(" + Names.OBJECT_DESC + "L" + Names.GENERATOR + ";)" + Names.TASK_DESC,
                false));
        MethodInsnNode await =
            new MethodInsnNode(
                Opcodes.INVOKESTATIC, Names.ASYNC, Names.AWAIT, Names.AWAIT_DESC, false);
        emits.add(await);
        code.add(await);
        code.add(new InsnNode(Opcodes.POP));
        body.instructions.insert(insn, code);
        body.instructions.remove(insn);
      }
    }
  }

  // ---- what is left of the method

  private void makeStream() {
    InsnList code = new InsnList();
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    code.add(start);
    int line = firstLine();
    if (line > 0) {
      code.add(new LineNumberNode(line, start));
    }
    List<Type> captured = new ArrayList<>();
    if (!isStatic) {
      captured.add(Type.getObjectType(owner.name));
    }
    captured.addAll(List.of(Type.getArgumentTypes(method.desc)));
    int at = 0;
    for (Type type : captured) {
      code.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), at));
      at += type.getSize();
    }
    code.add(lambda(captured));
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            Names.GENERATOR,
            "of",
            "(L" + Names.GENERATOR_BODY + ";)L" + Names.STREAM + ";",
            false));
    code.add(new InsnNode(Opcodes.ARETURN));
    code.add(end);
    method.localVariables = parameters(start, end, at);
    method.instructions = code;
    method.tryCatchBlocks = new ArrayList<>();
    method.visibleLocalVariableAnnotations = null;
    method.invisibleLocalVariableAnnotations = null;
    method.access &= ~Opcodes.ACC_SYNCHRONIZED;
    method.maxLocals = at;
    method.maxStack = at;
  }

  /** The body as a {@code Generator.Body}. */
  private InvokeDynamicInsnNode lambda(List<Type> captured) {
    Type interfaceMethod =
        Type.getMethodType(Type.getObjectType(Names.STAGE), Type.getObjectType(Names.GENERATOR));
    return new InvokeDynamicInsnNode(
        "run",
        Type.getMethodDescriptor(
            Type.getObjectType(Names.GENERATOR_BODY), captured.toArray(Type[]::new)),
        METAFACTORY,
        interfaceMethod,
        new Handle(
            isStatic ? Opcodes.H_INVOKESTATIC : Opcodes.H_INVOKESPECIAL,
            owner.name,
            body.name,
            body.desc,
            (owner.access & Opcodes.ACC_INTERFACE) != 0),
        interfaceMethod);
  }

  private int firstLine() {
    for (AbstractInsnNode insn : body.instructions) {
      if (insn instanceof LineNumberNode line) {
        return line.line;
      }
    }
    return 0;
  }

  /** There are libraries that read their names here. */
  private List<LocalVariableNode> parameters(LabelNode start, LabelNode end, int slots) {
    List<LocalVariableNode> kept = new ArrayList<>();
    if (body.localVariables != null) {
      for (LocalVariableNode variable : body.localVariables) {
        if (variable.index < slots && isFirst(variable.start)) {
          kept.add(
              new LocalVariableNode(
                  variable.name, variable.desc, variable.signature, start, end, variable.index));
        }
      }
    }
    return kept;
  }

  private boolean isFirst(LabelNode label) {
    for (AbstractInsnNode insn = label; insn != null; insn = insn.getPrevious()) {
      if (insn.getOpcode() >= 0) {
        return false;
      }
    }
    return true;
  }
}
