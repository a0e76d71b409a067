package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Private methods that await and return a plain value. Only methods of the class can call them, so
 * if each of those can be suspended, the weaver may have the method return a task, and its calls
 * await that:
 *
 * <pre>
 *   private int total(Cart cart) {           private Task total(Cart cart) {
 *     return await(cart.price()) * 2;          return Async.done(await(cart.price()) * 2);
 *   }                                        }
 *   ... total(cart) + 1                      ... (int) await(total(cart)) + 1
 * </pre>
 *
 * From there on both are async methods like others: every other pass and both engines see what one
 * would have written by hand. A method in between, which calls such a one and does not await
 * itself, becomes one of them.
 */
public final class AwaitingHelpers {
  private static final int UNFIT_FLAGS =
      Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC;

  /** A use of a method of the class: where, and whether by a plain call. */
  private record Use(MethodNode in, @Nullable MethodInsnNode call) {}

  private final ClassNode owner;
  private final ClassHierarchy hierarchy;

  /** Those that may become async, by name and descriptor. */
  private final Map<String, MethodNode> helpers = new LinkedHashMap<>();

  private final Map<String, List<Use>> uses = new LinkedHashMap<>();

  /** Why a private method that awaits is none. */
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private AwaitingHelpers(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
  }

  /**
   * Converts them, in place.
   *
   * @return why other private methods that await were left as they are, by name and descriptor
   */
  public static Map<String, String> convert(ClassNode owner, ClassHierarchy hierarchy) {
    AwaitingHelpers found = new AwaitingHelpers(owner, hierarchy);
    found.findAwaiting();
    if (!found.helpers.isEmpty()) {
      found.findUses();
      found.addCallers();
      found.dropUnfit();
      found.convert();
    }
    return found.reasons;
  }

  private static String key(MethodNode method) {
    return method.name + method.desc;
  }

  private boolean returnsStage(MethodNode method) {
    Type result = Type.getReturnType(method.desc);
    return result.getSort() == Type.OBJECT
        && hierarchy.isSubclass(result.getInternalName(), Names.STAGE);
  }

  private boolean isPrivatePlain(MethodNode method) {
    return (method.access & Opcodes.ACC_PRIVATE) != 0
        && (method.access & UNFIT_FLAGS) == 0
        && !method.name.startsWith("<")
        && !returnsStage(method);
  }

  private boolean mayBeHelper(MethodNode method) {
    return isPrivatePlain(method)
        && (method.access & Opcodes.ACC_SYNCHRONIZED) == 0
        && !awaits(method, false);
  }

  private void findAwaiting() {
    for (MethodNode method : owner.methods) {
      if (!isPrivatePlain(method) || !awaits(method, true)) {
        continue;
      }
      if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
        reasons.put(key(method), "is synchronized");
      } else if (awaits(method, false)) {
        reasons.put(key(method), "awaits by EA Async as well");
      } else {
        helpers.put(key(method), method);
      }
    }
  }

  private static boolean awaits(MethodNode method, boolean weft) {
    for (AbstractInsnNode insn : method.instructions) {
      if (weft ? AwaitCall.isWeftAwait(insn) : AwaitCall.isEaAwait(insn)) {
        return true;
      }
    }
    return false;
  }

  // ---- who uses them

  private void findUses() {
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call && call.owner.equals(owner.name)) {
          use(call.name + call.desc, new Use(method, call));
        } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
          for (Object argument : dynamic.bsmArgs) {
            useHandle(argument, method);
          }
        } else if (insn instanceof LdcInsnNode constant) {
          useHandle(constant.cst, method);
        }
      }
    }
  }

  private void useHandle(Object constant, MethodNode in) {
    if (constant instanceof Handle handle && handle.getOwner().equals(owner.name)) {
      use(handle.getName() + handle.getDesc(), new Use(in, null));
    } else if (constant instanceof ConstantDynamic dynamic) {
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        useHandle(dynamic.getBootstrapMethodArgument(i), in);
      }
    }
  }

  private void use(String method, Use use) {
    uses.computeIfAbsent(method, any -> new ArrayList<>()).add(use);
  }

  private List<Use> usesOf(String method) {
    return uses.getOrDefault(method, List.of());
  }

  /** Those in between. */
  private void addCallers() {
    boolean found = true;
    while (found) {
      Set<MethodNode> callers = new LinkedHashSet<>();
      for (String helper : helpers.keySet()) {
        for (Use use : usesOf(helper)) {
          if (mayBeHelper(use.in()) && !helpers.containsKey(key(use.in()))) {
            callers.add(use.in());
          }
        }
      }
      callers.forEach(caller -> helpers.put(key(caller), caller));
      found = !callers.isEmpty();
    }
  }

  // ---- which of them can be

  /** Each that goes may be what another one rests on. */
  private void dropUnfit() {
    Map<String, String> outside = usesOutside();
    boolean dropped = true;
    while (dropped) {
      dropped = false;
      for (String helper : List.copyOf(helpers.keySet())) {
        String why = outside.containsKey(helper) ? outside.get(helper) : whyNot(helper);
        if (why != null) {
          helpers.remove(helper);
          reasons.put(helper, why);
          dropped = true;
        }
      }
    }
  }

  private @Nullable String whyNot(String helper) {
    List<Use> all = usesOf(helper);
    if (all.isEmpty()) {
      return "is called by none";
    }
    for (Use use : all) {
      if (use.call() == null) {
        return "is used as a method reference";
      }
      if (helpers.containsKey(key(use.in()))) {
        continue;
      }
      String caller = nameOf(use.in());
      if (!returnsStage(use.in())) {
        return "is called in " + caller + ", which is no such method";
      }
      if (awaits(use.in(), false) && !awaits(use.in(), true)) {
        return "is called in " + caller + ", which follows EA Async's rules";
      }
    }
    return null;
  }

  private static String nameOf(MethodNode method) {
    if (method.name.startsWith("<")) {
      return method.name.equals("<init>") ? "a constructor" : "a static initializer";
    }
    return method.name.startsWith("lambda$") ? "a lambda" : method.name;
  }

  /** Nested classes may call private methods too, and are woven by themselves. */
  private Map<String, String> usesOutside() {
    Map<String, String> found = new LinkedHashMap<>();
    for (String mate : nestMates()) {
      ClassReader reader = hierarchy.reader(mate);
      if (reader == null) {
        helpers.keySet().forEach(each -> found.put(each, "may be called in " + mate));
        continue;
      }
      ClassNode node = new ClassNode();
      reader.accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      AwaitingHelpers other = new AwaitingHelpers(node, hierarchy);
      other.findUsesOf(owner.name);
      for (String used : other.uses.keySet()) {
        found.put(used, "is called in the class " + Type.getObjectType(mate).getClassName());
      }
    }
    return found;
  }

  private void findUsesOf(String other) {
    String own = owner.name;
    owner.name = other;
    findUses();
    owner.name = own;
  }

  private Set<String> nestMates() {
    Set<String> mates = new LinkedHashSet<>();
    ClassNode host = owner;
    if (owner.nestHostClass != null) {
      mates.add(owner.nestHostClass);
      ClassReader reader = hierarchy.reader(owner.nestHostClass);
      host = new ClassNode();
      if (reader != null) {
        reader.accept(host, ClassReader.SKIP_CODE);
      }
    }
    if (host.nestMembers != null) {
      mates.addAll(host.nestMembers);
    }
    mates.remove(owner.name);
    return mates;
  }

  // ---- the conversion

  private void convert() {
    for (String helper : helpers.keySet()) {
      for (Use use : usesOf(helper)) {
        if (use.call() != null) {
          HelperConversion.await(use.in(), use.call());
        }
      }
    }
    helpers.values().forEach(HelperConversion::convert);
  }
}
