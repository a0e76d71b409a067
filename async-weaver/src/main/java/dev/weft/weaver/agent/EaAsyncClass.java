package dev.weft.weaver.agent;

import dev.weft.weaver.Names;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * {@code com.ea.async.Async} of EA's jar, with other bodies. Woven code does not call it; what does
 * is a class that the weaver has refused, or was not shown. EA's {@code await} then blocks the
 * thread, perhaps the one that would complete the future, after EA's {@code init} has attached an
 * agent of EA's own. Here it throws, as that of Weft does, and {@code init} does nothing, as in
 * woven code.
 *
 * <p>No member is added or taken away, so that the class may be loaded already.
 */
final class EaAsyncClass extends ClassVisitor {
  private static final String EXCEPTION = "java/lang/IllegalStateException";
  private static final String THROWABLE = "java/lang/Throwable";
  private static final String ADVICE =
      ". If the agent has refused the class, its log says why; if its option include leaves the class"
          + " out, name it there, or weave it when it is built";

  private EaAsyncClass(ClassVisitor next) {
    super(Opcodes.ASM9, next);
  }

  static byte[] withoutBlocking(byte[] classFile) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(classFile).accept(new EaAsyncClass(writer), 0);
    return writer.toByteArray();
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
    if ((access & Opcodes.ACC_STATIC) == 0) {
      return method;
    }
    if (name.equals(Names.AWAIT)) {
      method.visitCode();
      throwRefusal(method);
    } else if (name.equals(Names.EA_INIT) && descriptor.equals("()V")) {
      method.visitCode();
      method.visitInsn(Opcodes.RETURN);
    } else {
      return method;
    }
    method.visitMaxs(0, 0);
    method.visitEnd();
    return null;
  }

  /** With JDK classes alone: the class's loader need not know those of Weft. */
  private static void throwRefusal(MethodVisitor code) {
    code.visitTypeInsn(Opcodes.NEW, EXCEPTION);
    code.visitInsn(Opcodes.DUP);
    code.visitLdcInsn("await of com.ea.async in a method that was not woven: ");
    code.visitTypeInsn(Opcodes.NEW, THROWABLE);
    code.visitInsn(Opcodes.DUP);
    call(code, Opcodes.INVOKESPECIAL, THROWABLE, "<init>", "()V");
    call(
        code,
        Opcodes.INVOKEVIRTUAL,
        THROWABLE,
        "getStackTrace",
        "()[Ljava/lang/StackTraceElement;");
    code.visitInsn(Opcodes.ICONST_1); // behind await itself
    code.visitInsn(Opcodes.AALOAD);
    call(
        code,
        Opcodes.INVOKEVIRTUAL,
        "java/lang/StackTraceElement",
        "toString",
        "()Ljava/lang/String;");
    concat(code);
    code.visitLdcInsn(ADVICE);
    concat(code);
    call(code, Opcodes.INVOKESPECIAL, EXCEPTION, "<init>", "(Ljava/lang/String;)V");
    code.visitInsn(Opcodes.ATHROW);
  }

  private static void concat(MethodVisitor code) {
    String string = Type.getInternalName(String.class);
    call(code, Opcodes.INVOKEVIRTUAL, string, "concat", "(Ljava/lang/String;)Ljava/lang/String;");
  }

  private static void call(
      MethodVisitor code, int opcode, String owner, String name, String descriptor) {
    code.visitMethodInsn(opcode, owner, name, descriptor, false);
  }
}
