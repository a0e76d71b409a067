package dev.weft.weaver;

import dev.weft.weaver.verify.ClassHierarchy;
import dev.weft.weaver.verify.Verification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a class whose woven code does not pass verification. */
final class InvalidCode {
  private final byte[] compiled;
  private final String file;
  private final ClassHierarchy hierarchy;

  /**
   * @param compiled the class file as it was before
   * @param file the name of its source
   */
  InvalidCode(byte[] compiled, String file, ClassHierarchy hierarchy) {
    this.compiled = compiled;
    this.file = file;
    this.hierarchy = hierarchy;
  }

  /**
   * Whether it is weaving that has made it invalid, and what to do about it.
   *
   * @param report of the method that has the problem, if it is one's
   */
  Diagnostic diagnostic(Verification.Problem problem, @Nullable MethodReport report) {
    Verification.Problem before = problemBefore(report);
    return before == null ? failsWoven(problem, report) : wasInvalid(before, report);
  }

  /** What was wrong with a method, or with the class if it is null, as it was compiled. */
  private Verification.@Nullable Problem problemBefore(@Nullable MethodReport report) {
    String key = report == null ? "" : report.name() + report.descriptor();
    // The classes are looked up anew: the woven class is not to answer for the one that was.
    ClassHierarchy asCompiled = new ClassHierarchy(hierarchy.source());
    asCompiled.add(compiled);
    List<Verification.Problem> problems =
        Verification.verify(compiled, method -> key.equals(method.name + method.desc), asCompiled);
    return problems.isEmpty() ? null : problems.get(0);
  }

  private Diagnostic wasInvalid(Verification.Problem before, @Nullable MethodReport report) {
    return new Diagnostic(
        file,
        before.line() > 0 ? before.line() : lineOf(report),
        DiagnosticCode.INVALID_BEFORE,
        subject(report)
            + " was invalid before weaving: it does not pass verification as it is ("
            + before.problem()
            + "). Compile it again or leave out the tool that has changed it, and give the weaver the"
            + " class path of the compiler");
  }

  private Diagnostic failsWoven(Verification.Problem problem, @Nullable MethodReport report) {
    return new Diagnostic(
        file,
        problem.line() > 0 ? problem.line() : lineOf(report),
        DiagnosticCode.VERIFICATION,
        subject(report)
            + " cannot be woven: the result would not pass verification ("
            + problem.problem()
            + "). Simplify the expression around the await, or move it to a method of its own");
  }

  private static String subject(@Nullable MethodReport report) {
    return report == null ? "the class" : "the async method " + report.name();
  }

  private static int lineOf(@Nullable MethodReport report) {
    return report == null ? 0 : report.line();
  }
}
