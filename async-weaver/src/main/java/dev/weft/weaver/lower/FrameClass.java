package dev.weft.weaver.lower;

import dev.weft.weaver.Names;
import dev.weft.weaver.lower.Continuation.Argument;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Generates the frame class of an async method: a typed field per saved value, {@code suspend},
 * which makes the frame if there is none yet and parks it, {@code resume}, and {@code awaitTable},
 * which says where the awaits stand. The javadoc of {@code dev.weft.frame.Frame} shows one as Java.
 */
public final class FrameClass {
  /**
   * The static field that has the await table once more: a heap dump has the values of fields, and
   * no code. A constant of the class file, so no code runs for it.
   */
  public static final String TABLE_FIELD = "AWAITS";

  /** Of the run time, which needs Java 17 anyway. */
  private static final int VERSION = Opcodes.V17;

  private final String name;
  private final Continuation continuation;
  private final List<Type> fields;
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  private FrameClass(String name, Continuation continuation) {
    this.name = name;
    this.continuation = continuation;
    this.fields = continuation.fields();
  }

  /**
   * Generates the class.
   *
   * @param name its internal name
   * @param forms of {@code suspend}, no two with one descriptor
   * @param awaitTable see {@link AwaitTable}
   * @param isBare true if the continuation returns values as they are
   */
  static byte[] generate(
      String name,
      Continuation continuation,
      List<SuspendForm> forms,
      String awaitTable,
      boolean isBare) {
    FrameClass frame = new FrameClass(name, continuation);
    // The first constant: dev.weft.frame.HiddenFrames tells classes apart by all but that.
    frame.writer.newUTF8(awaitTable);
    frame.writer.visit(
        VERSION,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        name,
        null,
        Names.FRAME,
        null);
    for (int i = 0; i < frame.fields.size(); i++) {
      frame.writer.visitField(
          Opcodes.ACC_PRIVATE, "v" + i, frame.fields.get(i).getDescriptor(), null, null);
    }
    frame.writer.visitField(
        Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC,
        TABLE_FIELD,
        Names.STRING_DESC,
        null,
        awaitTable);
    frame.constructor();
    forms.forEach(frame::suspend);
    frame.resume(isBare);
    frame.awaitTable(awaitTable);
    frame.writer.visitEnd();
    return frame.writer.toByteArray();
  }

  private void constructor() {
    MethodVisitor code = writer.visitMethod(0, "<init>", "()V", null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, Names.FRAME, "<init>", "()V", false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void suspend(SuspendForm form) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_STATIC, "suspend", form.descriptor(fields), null, null);
    int[] slotOf = new int[fields.size()];
    int future = 0;
    for (SuspendForm.Below value : form.below()) {
      if (value.field() >= 0) {
        slotOf[value.field()] = future;
      }
      future += value.type().getSize();
    }
    int state = future + 1;
    for (int i = 0; i < slotOf.length; i++) {
      if (!form.takesFromBelow(i)) {
        slotOf[i] = state;
        state += fields.get(i).getSize();
      }
    }
    int frame = state + 1;
    int self = frame + 1;
    Label made = new Label();
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, frame);
    code.visitTypeInsn(Opcodes.CHECKCAST, name);
    code.visitInsn(Opcodes.DUP);
    code.visitJumpInsn(Opcodes.IFNONNULL, made);
    code.visitInsn(Opcodes.POP);
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", "()V", false);
    code.visitLabel(made);
    code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {name});
    code.visitVarInsn(Opcodes.ASTORE, self);
    for (int i = 0; i < fields.size(); i++) {
      Type type = fields.get(i);
      code.visitVarInsn(Opcodes.ALOAD, self);
      code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slotOf[i]);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, "v" + i, type.getDescriptor());
    }
    code.visitVarInsn(Opcodes.ALOAD, self);
    code.visitVarInsn(Opcodes.ALOAD, future);
    code.visitVarInsn(Opcodes.ILOAD, state);
    code.visitVarInsn(Opcodes.ALOAD, frame);
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, name, "suspendOn", SUSPEND_ON_DESC, false);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static final String SUSPEND_ON_DESC =
      "(" + Names.FUTURE_DESC + "I" + Names.FRAME_DESC + ")" + Names.TASK_DESC;

  private void resume(boolean isBare) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PROTECTED, "resume", "()" + Names.OBJECT_DESC, null, null);
    code.visitCode();
    int field = 0;
    for (Argument argument : continuation.arguments()) {
      switch (argument.source()) {
        case FIELD -> get(code, "v" + field++, argument.type());
        case NOTHING -> code.visitInsn(defaultOf(argument.type()));
        case STATE -> get(code, "state", Type.INT_TYPE);
        case FRAME -> code.visitVarInsn(Opcodes.ALOAD, 0);
      }
    }
    clearReferences(code);
    code.visitMethodInsn(
        continuation.isStatic() ? Opcodes.INVOKESTATIC : Opcodes.INVOKEVIRTUAL,
        continuation.owner(),
        continuation.name(),
        continuation.descriptor(),
        continuation.isInterface());
    if (isBare) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          Names.BARE,
          "outcome",
          "(" + Names.OBJECT_DESC + Names.FRAME_DESC + ")" + Names.OBJECT_DESC,
          false);
    }
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void awaitTable(String table) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PROTECTED, "awaitTable", "()Ljava/lang/String;", null, null);
    code.visitCode();
    code.visitLdcInsn(table);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void get(MethodVisitor code, String field, Type type) {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitFieldInsn(Opcodes.GETFIELD, name, field, type.getDescriptor());
  }

  /** While the body runs, the frame must not keep alive what the body has dropped. */
  private void clearReferences(MethodVisitor code) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getSort() >= Type.ARRAY) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitFieldInsn(Opcodes.PUTFIELD, name, "v" + i, fields.get(i).getDescriptor());
      }
    }
  }

  /** The instruction that pushes a type's default value. */
  public static int defaultOf(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> Opcodes.LCONST_0;
      case Type.FLOAT -> Opcodes.FCONST_0;
      case Type.DOUBLE -> Opcodes.DCONST_0;
      case Type.ARRAY, Type.OBJECT -> Opcodes.ACONST_NULL;
      default -> Opcodes.ICONST_0;
    };
  }
}
