package dev.weft.weaver.verify;

import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * Verifies a class that has been woven: its structure by ASM's {@link CheckClassAdapter}, and the
 * types of the methods that weaving has written by {@link StackMapCheck}.
 */
public final class Verification {
  /**
   * What is wrong with a class.
   *
   * @param method name and descriptor of the method at fault, or the empty string
   * @param line its source line, or 0
   * @param problem what the verifier says
   */
  public record Problem(String method, int line, String problem) {}

  private Verification() {}

  /**
   * Verifies a class.
   *
   * @param woven true for the methods whose types are to be checked
   */
  public static List<Problem> verify(
      byte[] classFile, Predicate<MethodNode> woven, ClassHierarchy hierarchy) {
    List<Problem> problems = new ArrayList<>();
    ClassNode owner = new ClassNode();
    try {
      ClassVisitor check = new CheckClassAdapter(owner, false);
      new ClassReader(classFile).accept(new WithoutSignatures(check), ClassReader.EXPAND_FRAMES);
    } catch (RuntimeException e) {
      problems.add(new Problem("", 0, String.valueOf(e.getMessage())));
      return problems;
    }
    for (MethodNode method : owner.methods) {
      if (woven.test(method)) {
        try {
          StackMapCheck.check(owner.name, method, hierarchy);
        } catch (AnalyzerException e) {
          int line = e.node == null ? 0 : AwaitCall.lineOf(e.node);
          problems.add(
              new Problem(method.name + method.desc, line, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) { // ASM's answer to code that makes no sense
          problems.add(new Problem(method.name + method.desc, 0, e.toString()));
        }
      }
    }
    return problems;
  }
}
