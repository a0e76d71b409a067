package dev.weft.weaver.verify;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;

/**
 * Keeps generic signatures from a check. JVMs do not look at them, some obfuscators and older
 * compilers write malformed ones, and weaving does not change them.
 */
final class WithoutSignatures extends ClassVisitor {
  WithoutSignatures(ClassVisitor next) {
    super(Opcodes.ASM9, next);
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    super.visit(version, access, name, null, superName, interfaces);
  }

  @Override
  public @Nullable RecordComponentVisitor visitRecordComponent(
      String name, String descriptor, @Nullable String signature) {
    return super.visitRecordComponent(name, descriptor, null);
  }

  @Override
  public @Nullable FieldVisitor visitField(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      @Nullable Object value) {
    return super.visitField(access, name, descriptor, null, value);
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, null, exceptions);
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitLocalVariable(
          String variable,
          String type,
          @Nullable String variableSignature,
          Label start,
          Label end,
          int index) {
        super.visitLocalVariable(variable, type, null, start, end, index);
      }
    };
  }
}
