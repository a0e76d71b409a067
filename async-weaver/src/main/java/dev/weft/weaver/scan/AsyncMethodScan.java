package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.MonitorDepth;
import dev.weft.weaver.generator.Generators;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the async methods of a class and says what is wrong with the others that await. */
public final class AsyncMethodScan {
  private final ClassNode owner;
  private final ClassHierarchy hierarchy;
  private final Generators generators;
  private final ConvertedHelpers helpers;
  private final AwaitedCloses closes;
  private final AwaitPlace place;
  private final List<AsyncMethod> methods = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  /** Scans a class, whose generators are divided and whose helpers are converted already. */
  public AsyncMethodScan(
      ClassNode owner, ClassHierarchy hierarchy, Generators generators, ConvertedHelpers helpers) {
    this.owner = owner;
    this.hierarchy = hierarchy;
    this.generators = generators;
    this.helpers = helpers;
    this.closes = new AwaitedCloses(hierarchy);
    this.place = new AwaitPlace(owner, helpers.unfit());
    for (MethodNode method : owner.methods) {
      scan(method);
    }
  }

  /** The methods to weave. */
  public List<AsyncMethod> methods() {
    return methods;
  }

  /** What cannot be woven: all of it, not only the first. */
  public List<Refusal> refusals() {
    return refusals;
  }

  private void scan(MethodNode method) {
    if (closes.mayBeIn(method)
        && result(Type.getReturnType(method.desc)) != null
        && place.misplaced(method, true) == null) {
      closes.replaceIn(method);
    }
    List<MethodInsnNode> awaits = new ArrayList<>();
    boolean weft = false;
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isAwait(insn)) {
        awaits.add((MethodInsnNode) insn);
        weft |= AwaitCall.isWeftAwait(insn);
      } else if (isAwaitReference(insn)) {
        refuse(
            insn,
            DiagnosticCode.METHOD_REFERENCE,
            "await as a method reference: only a direct call can be woven. Write an async method that"
                + " awaits its parameter, and refer to that");
      }
    }
    if (awaits.isEmpty()) {
      return;
    }
    AsyncMethod.Result result = result(Type.getReturnType(method.desc));
    AwaitPlace.Misplaced misplaced = place.misplaced(method, result != null);
    if (result == null || misplaced != null) {
      AwaitPlace.Misplaced why = Objects.requireNonNull(misplaced);
      awaits.forEach(await -> refuse(await, why.code(), why.message()));
      return;
    }
    int before = refusals.size();
    checkMonitors(method, awaits, weft);
    if (refusals.size() == before) {
      methods.add(
          new AsyncMethod(
              method,
              awaits,
              weft ? AsyncMethod.Convention.WEFT : AsyncMethod.Convention.EA,
              result,
              firstLine(method),
              generators.sourceOf(method),
              helpers.descriptors().getOrDefault(method, generators.sourceOf(method).desc)));
    }
  }

  private static int firstLine(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LineNumberNode line) {
        return line.line;
      }
    }
    return 0;
  }

  /** What becomes of the frame of a method that returns this type; null if none can. */
  private AsyncMethod.@Nullable Result result(Type type) {
    if (isFrameType(type)) {
      return AsyncMethod.Result.FRAME;
    }
    if (type.getSort() != Type.OBJECT
        || !hierarchy.isSubclass(type.getInternalName(), Names.STAGE)) {
      return null;
    }
    boolean constructible =
        hierarchy.isSubclass(type.getInternalName(), Names.FUTURE)
            && hierarchy.construction(type.getInternalName(), owner.name, nestHost())
                == ClassHierarchy.Construction.POSSIBLE;
    return constructible ? AsyncMethod.Result.ADAPTED : AsyncMethod.Result.REGISTERED;
  }

  private static boolean isFrameType(Type type) {
    return type.getSort() == Type.OBJECT
        && (type.getInternalName().equals(Names.FUTURE)
            || type.getInternalName().equals(Names.STAGE)
            || type.getInternalName().equals(Names.TASK));
  }

  private String nestHost() {
    return owner.nestHostClass != null ? owner.nestHostClass : owner.name;
  }

  private void checkMonitors(MethodNode method, List<MethodInsnNode> awaits, boolean weft) {
    boolean locked = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
    if (locked && weft) {
      awaits.forEach(
          await ->
              refuse(
                  await,
                  DiagnosticCode.SYNCHRONIZED_METHOD,
                  what(await)
                      + " in a synchronized method: its monitor cannot be held while it is suspended."
                      + " Synchronize only the parts between the awaits,"
                      + " or take a dev.weft.sync.AsyncMutex"));
      return;
    }
    MonitorDepth depth = new MonitorDepth(method);
    for (MethodInsnNode await : awaits) {
      int held = depth.before(method.instructions.indexOf(await));
      if (held > 0 && (weft || held > 1)) {
        refuse(
            await,
            DiagnosticCode.SYNCHRONIZED_BLOCK,
            what(await)
                + " inside synchronized: the monitor cannot be held while the method is suspended. Move"
                + " the "
                + movable(await)
                + " out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place");
      }
    }
  }

  /** What the source has where an await is. */
  private String what(MethodInsnNode await) {
    if (generators.emits().contains(await)) {
      return "emit";
    }
    String helper = helpers.calls().get(await);
    if (helper != null) {
      return "the call of " + helper + ", which awaits,";
    }
    return closes.isOne(await) ? "close() of an AsyncCloseable, which is an await," : "await";
  }

  private String movable(MethodInsnNode await) {
    if (generators.emits().contains(await)) {
      return "emit";
    }
    return helpers.calls().containsKey(await) ? "call" : "await";
  }

  private static boolean isAwaitReference(AbstractInsnNode insn) {
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      for (Object argument : dynamic.bsmArgs) {
        if (mentionsAwait(argument)) {
          return true;
        }
      }
      return false;
    }
    return insn instanceof LdcInsnNode constant && mentionsAwait(constant.cst);
  }

  private static boolean mentionsAwait(Object constant) {
    if (constant instanceof ConstantDynamic dynamic) {
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        if (mentionsAwait(dynamic.getBootstrapMethodArgument(i))) {
          return true;
        }
      }
      return false;
    }
    return AwaitCall.isAwaitHandle(constant);
  }

  private void refuse(AbstractInsnNode at, DiagnosticCode code, String message) {
    refusals.add(new Refusal(code, AwaitCall.lineOf(at), message));
  }
}
