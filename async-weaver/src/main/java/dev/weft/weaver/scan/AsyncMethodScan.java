package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.MonitorDepth;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the async methods of a class and says what is wrong with the others that await. */
public final class AsyncMethodScan {
  private final ClassNode owner;
  private final ClassHierarchy hierarchy;
  private final List<AsyncMethod> methods = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  public AsyncMethodScan(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
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
    List<MethodInsnNode> awaits = new ArrayList<>();
    boolean weft = false;
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isAwait(insn)) {
        awaits.add((MethodInsnNode) insn);
        weft |= AwaitCall.isWeftAwait(insn);
      } else if (isAwaitReference(insn)) {
        refuse(
            insn,
            "await as a method reference: only a direct call can be woven. Write an async method that"
                + " awaits its parameter, and refer to that");
      }
    }
    if (awaits.isEmpty()) {
      return;
    }
    String misplaced = misplaced(method);
    if (misplaced != null) {
      awaits.forEach(await -> refuse(await, misplaced));
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
              isFrameType(Type.getReturnType(method.desc))
                  ? AsyncMethod.Result.FRAME
                  : AsyncMethod.Result.ADAPTED));
    }
  }

  /** Why no await may stand in this method at all; null if one may. */
  private @Nullable String misplaced(MethodNode method) {
    if (owner.version < ConstantPoolScan.OLDEST_VERSION) {
      return "await in a class file of version "
          + owner.version
          + ", which has no stack maps: compile it for Java 8 or later";
    }
    if (method.name.equals("<init>")) {
      return "await in a constructor, which cannot be suspended: await in a static factory method that"
          + " returns a future of the object";
    }
    if (method.name.equals("<clinit>")) {
      return "await in a static initializer, which cannot be suspended: keep the future in the field, and"
          + " await it where it is used";
    }
    Type result = Type.getReturnType(method.desc);
    if (isMain(method)) {
      return "await in main, which cannot be suspended: move the code to an async method and call"
          + " AsyncExecutor.blockOn(() -> thatMethod())";
    }
    if (!isFrameType(result)) {
      String unfit = unfit(result);
      if (unfit != null) {
        String place = method.name.startsWith("lambda$") ? "a lambda" : "a method";
        return "await in " + place + " that returns " + unfit;
      }
    }
    if (method.instructions.size() > 0 && hasSubroutine(method)) {
      return "await in a method with jsr instructions: compile it with a current compiler";
    }
    return null;
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

  private static boolean isFrameType(Type type) {
    return type.getSort() == Type.OBJECT
        && (type.getInternalName().equals(Names.FUTURE)
            || type.getInternalName().equals(Names.STAGE)
            || type.getInternalName().equals(Names.TASK));
  }

  /** Why a method with this return type cannot be async; null if it can. */
  private @Nullable String unfit(Type type) {
    String advice =
        ": only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended."
            + " Return one of these";
    String name = type.getClassName();
    if (type.getSort() != Type.OBJECT
        || !hierarchy.isSubclass(type.getInternalName(), Names.FUTURE)) {
      return name + advice;
    }
    return switch (hierarchy.construction(type.getInternalName(), owner.name, nestHost())) {
      case POSSIBLE -> null;
      case ABSTRACT -> name + ", which is abstract" + advice;
      case NO_CONSTRUCTOR ->
          name + ", which has no constructor without parameters that this class may call" + advice;
    };
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
                  "await in a synchronized method: its monitor cannot be held while it is suspended."
                      + " Synchronize only the parts between the awaits"));
      return;
    }
    MonitorDepth depth = new MonitorDepth(method);
    for (MethodInsnNode await : awaits) {
      int held = depth.before(method.instructions.indexOf(await));
      if (held > 0 && (weft || held > 1)) {
        refuse(
            await,
            "await inside synchronized: the monitor cannot be held while the method is suspended. Move"
                + " the await out of the synchronized block");
      }
    }
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

  private void refuse(AbstractInsnNode at, String message) {
    refusals.add(new Refusal(AwaitCall.lineOf(at), message));
  }
}
