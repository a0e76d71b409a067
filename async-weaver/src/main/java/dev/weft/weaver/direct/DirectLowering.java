package dev.weft.weaver.direct;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.lower.Continuation;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.Lowering;
import dev.weft.weaver.lower.LoweringTarget;
import dev.weft.weaver.lower.SuspendCall;
import dev.weft.weaver.prepare.CodeCopy;
import dev.weft.weaver.prepare.DeadCode;
import dev.weft.weaver.prepare.DelayedNew;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Weft's own lowering: every method keeps its code once, in a {@link Body} behind a {@link Stub}.
 */
public final class DirectLowering implements Lowering {
  @Override
  public LoweredMethod lower(LoweringTarget target) throws Refusal {
    AsyncMethod async = target.async();
    MethodNode method = CodeCopy.of(async.method(), async.method().desc);
    Map<AbstractInsnNode, Integer> lines = AwaitCall.linesIn(method);
    try {
      DeadCode.remove(method);
      DelayedNew.apply(target.owner().name, method);
      return lower(target, method, lines);
    } catch (AnalyzerException e) {
      throw new Refusal(
          DiagnosticCode.UNSPLITTABLE,
          async.line(),
          "the bytecode of the async method "
              + async.method().name
              + " makes no sense ("
              + e.getMessage()
              + "): compile it again, or leave out the tool that has changed it");
    }
  }

  private static LoweredMethod lower(
      LoweringTarget target, MethodNode method, Map<AbstractInsnNode, Integer> lines)
      throws Refusal, AnalyzerException {
    Points analysis = new Points(target.owner().name, method, lines, target.debug(), false);
    List<Point> points = analysis.find();
    boolean isStatic = !hasReceiver(target, method, points);
    if (!isStatic) {
      // The body is called on the receiver each time it is resumed.
      analysis = new Points(target.owner().name, method, lines, target.debug(), true);
      points = analysis.find();
    }
    List<Type> own = ownParameters(target, method);
    checkSize(target, own);
    Body body = new Body(target, method, isStatic, own, points);
    Continuation continuation = body.continuation();
    List<Integer> lineOfState = points.stream().map(Point::line).toList();
    SuspendCall suspend = new SuspendCall(target, continuation, body.suspendForms(), lineOfState);
    MethodNode built = body.build(suspend, analysis.liveness());
    List<SuspensionPoint> report = new ArrayList<>();
    for (Point point : points) {
      report.add(new SuspensionPoint(point.state(), point.line(), point.report()));
    }
    return new LoweredMethod(
        Stub.of(target.async(), continuation, own.size()), List.of(built), suspend.frame(), report);
  }

  /**
   * True if the body is to be an instance method, so that a debugger shows {@code this}; not if the
   * receiver would then be kept alive for nothing.
   */
  private static boolean hasReceiver(LoweringTarget target, MethodNode method, List<Point> points)
      throws Refusal {
    boolean isSynchronized = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
    if ((method.access & Opcodes.ACC_STATIC) != 0 || target.isInterface()) {
      return false;
    }
    if (Points.writesReceiver(method)) {
      if (isSynchronized) {
        throw new Refusal(
            DiagnosticCode.SYNCHRONIZED_METHOD,
            target.async().line(),
            "await in a synchronized method that overwrites this, which no Java compiler writes");
      }
      return false;
    }
    return isSynchronized
        || target.debug()
        || points.stream()
            .flatMap(point -> point.saved().stream())
            .anyMatch(variable -> variable.slot() == 0);
  }

  private static List<Type> ownParameters(LoweringTarget target, MethodNode method) {
    List<Type> own = new ArrayList<>();
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      own.add(Type.getObjectType(target.owner().name));
    }
    own.addAll(List.of(Type.getArgumentTypes(method.desc)));
    return own;
  }

  private static void checkSize(LoweringTarget target, List<Type> own) throws Refusal {
    int slots = own.stream().mapToInt(Type::getSize).sum() + Layout.ADDED;
    if (slots > Layout.MOST_SLOTS) {
      throw new Refusal(
          DiagnosticCode.TOO_MANY_LOCALS,
          target.async().line(),
          "the async method "
              + target.async().method().name
              + " has too many parameters: with two of the weaver's own they take "
              + slots
              + " slots of at most "
              + Layout.MOST_SLOTS
              + " (long and double take two). Pass an object or an array instead");
    }
  }
}
