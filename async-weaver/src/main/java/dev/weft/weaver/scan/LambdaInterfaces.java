package dev.weft.weaver.scan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Which interface's method each lambda of a class implements, read where the lambda is made. */
final class LambdaInterfaces {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

  private final ClassNode owner;
  private @Nullable Map<String, String> byBody;

  LambdaInterfaces(ClassNode owner) {
    this.owner = owner;
  }

  /** True for the body of a lambda, by the name that compilers give it. */
  static boolean isLambda(MethodNode method) {
    return method.name.startsWith("lambda$") && (method.access & Opcodes.ACC_SYNTHETIC) != 0;
  }

  /**
   * What a lambda implements: {@code java.util.function.Function.apply}. Null if nobody makes it.
   */
  @Nullable String implementedBy(MethodNode body) {
    if (byBody == null) {
      byBody = collect();
    }
    return byBody.get(body.name + body.desc);
  }

  private Map<String, String> collect() {
    Map<String, String> found = new HashMap<>();
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof InvokeDynamicInsnNode made
            && made.bsm.getOwner().equals(FACTORY)
            && made.bsmArgs.length > 1
            && made.bsmArgs[1] instanceof Handle body
            && body.getOwner().equals(owner.name)) {
          String type = Type.getReturnType(made.desc).getClassName().replace('$', '.');
          found.put(body.getName() + body.getDesc(), type + "." + made.name);
        }
      }
    }
    return found;
  }
}
