package dev.weft.weaver.prepare;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** What methods are called in the source. */
public final class SourceNames {
  private static final String LAMBDA = "lambda$";

  private SourceNames() {}

  /**
   * The name of the method that some code stands in, for people: for a lambda that of the method
   * around it, which javac puts into the lambda's ({@code lambda$buy$0}, {@code lambda$buy$5f1e$1}
   * of a serializable one). The class is asked whether it has such a method: a name may have
   * dollars of its own, and other compilers have other names.
   */
  public static String of(ClassNode owner, MethodNode method) {
    boolean isLambda =
        method.name.startsWith(LAMBDA) && (method.access & Opcodes.ACC_SYNTHETIC) != 0;
    String around = isLambda ? method.name.substring(LAMBDA.length()) : "";
    for (int end = around.lastIndexOf('$'); end > 0; end = around.lastIndexOf('$')) {
      around = around.substring(0, end);
      String name =
          switch (around) {
            case "new" -> "<init>";
            case "static" -> "<clinit>";
            default -> around;
          };
      if (owner.methods.stream().anyMatch(other -> other.name.equals(name))) {
        return name;
      }
    }
    return method.name;
  }
}
