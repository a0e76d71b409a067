package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Says of a method why no await may stand in it. */
final class AwaitPlace {
  /**
   * Why not.
   *
   * @param message the reason and the remedy, the same for each await of the method
   */
  record Misplaced(DiagnosticCode code, String message) {}

  private static final String FUTURE = "java.util.concurrent.Future";

  private final ClassNode owner;
  private final LambdaInterfaces lambdas;
  private final Map<String, String> unfitHelpers;

  AwaitPlace(ClassNode owner, Map<String, String> unfitHelpers) {
    this.owner = owner;
    this.unfitHelpers = unfitHelpers;
    this.lambdas = new LambdaInterfaces(owner);
  }

  /**
   * Null if an await may stand there.
   *
   * @param isFuture whether the method returns something that a frame can become
   */
  @Nullable Misplaced misplaced(MethodNode method, boolean isFuture) {
    int version = owner.version & 0xFFFF; // above it stands the minor one, which marks a preview
    if (version < ConstantPoolScan.OLDEST_VERSION) {
      return new Misplaced(
          DiagnosticCode.OLD_CLASS_FILE,
          "await in a class file of version "
              + version
              + ", which has no stack maps: compile it for Java 8 or later");
    }
    if (method.name.equals("<init>")) {
      return new Misplaced(
          DiagnosticCode.CONSTRUCTOR,
          "await in a constructor, which cannot be suspended: await in a static factory method that"
              + " returns a future of the object");
    }
    if (method.name.equals("<clinit>")) {
      return new Misplaced(
          DiagnosticCode.STATIC_INITIALIZER,
          "await in a static initializer, which cannot be suspended: keep the future in the field,"
              + " and await it where it is used");
    }
    if (!isFuture) {
      return ofOtherType(method);
    }
    if (hasSubroutine(method)) {
      return new Misplaced(
          DiagnosticCode.UNSPLITTABLE,
          "await in a method with jsr instructions: compile it with a current compiler");
    }
    return null;
  }

  private Misplaced ofOtherType(MethodNode method) {
    Type result = Type.getReturnType(method.desc);
    if (isMain(method)) {
      return new Misplaced(
          DiagnosticCode.MAIN,
          "await in main, which cannot be suspended: move the code to an async method and call"
              + " AsyncExecutor.blockOn(() -> thatMethod())");
    }
    if (LambdaInterfaces.isLambda(method)) {
      return inLambda(lambdas.implementedBy(method), result);
    }
    if (result.getSort() == Type.VOID) {
      return new Misplaced(
          DiagnosticCode.VOID_METHOD,
          "await in a method that returns void: its caller could not tell when it ends, nor that it"
              + " failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return"
              + " Async.done()"
              + asHelper(method));
    }
    return new Misplaced(
        DiagnosticCode.RETURN_TYPE,
        "await in a method that returns "
            + result.getClassName()
            + ": only a method that returns a CompletionStage can be suspended. Return a"
            + " CompletableFuture, a CompletionStage or a Task "
            + (result.getClassName().equals(FUTURE) ? "instead" : "of it")
            + asHelper(method));
  }

  /** For a private method: what keeps it from being woven all the same. */
  private String asHelper(MethodNode method) {
    String why = unfitHelpers.get(method.name + method.desc);
    return why == null
        ? ""
        : ". (A private method need not if async methods of its class, and such methods, alone call it: "
            + method.name
            + " "
            + why
            + ")";
  }

  private static Misplaced inLambda(@Nullable String implemented, Type result) {
    String what = implemented == null ? "a lambda" : "a lambda that implements " + implemented;
    String returns = implemented == null ? " that returns " : " and returns ";
    return new Misplaced(
        DiagnosticCode.LAMBDA,
        "await in "
            + what
            + returns
            + result.getClassName()
            + ": only a lambda that returns a CompletionStage can be suspended. Await in the method"
            + " around it, for example in a loop, or return the future and await it there");
  }

  private static boolean isMain(MethodNode method) {
    return method.name.equals("main")
        && Type.getReturnType(method.desc).getSort() == Type.VOID
        && (method.desc.equals("([Ljava/lang/String;)V") || method.desc.equals("()V"));
  }

  private static boolean hasSubroutine(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.JSR || insn.getOpcode() == Opcodes.RET) {
        return true;
      }
    }
    return false;
  }
}
