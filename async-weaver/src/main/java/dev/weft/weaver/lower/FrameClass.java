package dev.weft.weaver.lower;

import dev.weft.weaver.Names;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Generates the frame class of an async method: a typed field per saved value, {@code suspend} in
 * two forms (the first makes the frame, the second parks it again), and {@code resume}. The javadoc
 * of {@code dev.weft.frame.Frame} shows one as Java.
 */
final class FrameClass {
  /** Of the run time, which needs Java 17 anyway. */
  private static final int VERSION = Opcodes.V17;

  private final String name;
  private final SavedValues saved;
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  private FrameClass(String name, SavedValues saved) {
    this.name = name;
    this.saved = saved;
  }

  /** The descriptor of {@code suspend}: the future, the fields, the state, and the frame if any. */
  static String suspendDescriptor(SavedValues saved, boolean again) {
    StringBuilder descriptor = new StringBuilder("(").append(Names.FUTURE_DESC);
    saved.fieldTypes().forEach(type -> descriptor.append(type.getDescriptor()));
    return descriptor
        .append('I')
        .append(again ? Names.FRAME_DESC : "")
        .append(')')
        .append(Names.FRAME_DESC)
        .toString();
  }

  /**
   * Generates it.
   *
   * @param name its internal name
   * @param owner the class of the async method
   * @param isInterface true if that is an interface
   * @param continued name of the continuation
   * @param continuedDesc descriptor of the continuation
   */
  static byte[] generate(
      String name,
      String owner,
      boolean isInterface,
      String continued,
      String continuedDesc,
      SavedValues saved) {
    FrameClass frame = new FrameClass(name, saved);
    frame.writer.visit(
        VERSION,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        name,
        null,
        Names.FRAME,
        null);
    List<Type> fields = saved.fieldTypes();
    for (int i = 0; i < fields.size(); i++) {
      frame.writer.visitField(
          Opcodes.ACC_PRIVATE, "v" + i, fields.get(i).getDescriptor(), null, null);
    }
    frame.constructor();
    frame.suspend(fields, false);
    frame.suspend(fields, true);
    frame.resume(owner, isInterface, continued, continuedDesc);
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

  private void suspend(List<Type> fields, boolean again) {
    MethodVisitor code =
        writer.visitMethod(
            Opcodes.ACC_STATIC, "suspend", suspendDescriptor(saved, again), null, null);
    int state = 1 + fields.stream().mapToInt(Type::getSize).sum();
    int frame = state + 1;
    code.visitCode();
    if (again) {
      code.visitVarInsn(Opcodes.ALOAD, frame);
      code.visitTypeInsn(Opcodes.CHECKCAST, name);
    } else {
      code.visitTypeInsn(Opcodes.NEW, name);
      code.visitInsn(Opcodes.DUP);
      code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", "()V", false);
    }
    code.visitVarInsn(Opcodes.ASTORE, frame + (again ? 1 : 0));
    int self = frame + (again ? 1 : 0);
    int slot = 1;
    for (int i = 0; i < fields.size(); i++) {
      Type type = fields.get(i);
      code.visitVarInsn(Opcodes.ALOAD, self);
      code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, "v" + i, type.getDescriptor());
      slot += type.getSize();
    }
    code.visitVarInsn(Opcodes.ALOAD, self);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ILOAD, state);
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, name, "park", "(" + Names.FUTURE_DESC + "I)V", false);
    code.visitVarInsn(Opcodes.ALOAD, self);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void resume(String owner, boolean isInterface, String continued, String descriptor) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PROTECTED, "resume", "()" + Names.OBJECT_DESC, null, null);
    code.visitCode();
    int field = 0;
    for (int i = 0; i < saved.size(); i++) {
      Type type = saved.type(i);
      if (saved.isField(i)) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, name, "v" + field++, type.getDescriptor());
      } else {
        code.visitInsn(SavedValues.defaultOf(type));
      }
    }
    clearReferences(code);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitFieldInsn(Opcodes.GETFIELD, name, "state", "I");
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, continued, descriptor, isInterface);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** While the body runs, the frame must not keep alive what the body has dropped. */
  private void clearReferences(MethodVisitor code) {
    List<Type> fields = saved.fieldTypes();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getSort() >= Type.ARRAY) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitFieldInsn(Opcodes.PUTFIELD, name, "v" + i, fields.get(i).getDescriptor());
      }
    }
  }
}
