package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.scan.AwaitedCloses;
import dev.weft.weaver.scan.ConstantPoolScan;
import dev.weft.weaver.scan.ConvertedHelpers;
import dev.weft.weaver.scan.RiskyCall;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
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
 * itself, becomes one of them. So does one that closes what is closed by awaiting, since that is an
 * await in an async method; where it cannot be one, {@link UnawaitedCloses} says so.
 */
public final class AwaitingHelpers {
  private static final int UNFIT_FLAGS =
      Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC;

  private final ClassNode owner;
  private final ClassHierarchy hierarchy;

  /** Those that may become async, by name and descriptor. */
  private final Map<String, MethodNode> helpers = new LinkedHashMap<>();

  /** What ordinary methods close that is closed by awaiting. */
  private final List<MethodNode> closing = new ArrayList<>();

  private final MethodUses uses;
  private final AwaitedCloses closes;

  /** By name and descriptor of what async methods of other classes call, one of those. */
  private final Map<String, String> asyncCallersOutside = new LinkedHashMap<>();

  /** Why a private method that awaits is none. */
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private AwaitingHelpers(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
    this.uses = new MethodUses(owner, owner.name);
    this.closes = new AwaitedCloses(hierarchy);
  }

  /**
   * Converts them, in place.
   *
   * @param byCloses whether a close that would be an await in an async method makes one, too
   */
  public static ConvertedHelpers convert(
      ClassNode owner, ClassHierarchy hierarchy, boolean byCloses) {
    AwaitingHelpers found = new AwaitingHelpers(owner, hierarchy);
    // In older class files an await would be refused, and a close has to stay what it is.
    found.find(byCloses && (owner.version & 0xFFFF) >= ConstantPoolScan.OLDEST_VERSION);
    if (found.helpers.isEmpty() && found.closing.isEmpty()) {
      return new ConvertedHelpers(found.reasons, Map.of(), Map.of(), List.of());
    }
    Set<String> awaiting = Set.copyOf(found.helpers.keySet());
    found.addCallers();
    found.dropUnfit();
    found.dropNeedless(awaiting);
    List<RiskyCall> unawaited =
        new UnawaitedCloses(
                found.closes,
                found.uses,
                method -> found.returnsStage(method) || found.helpers.containsKey(key(method)),
                found.asyncCallersOutside,
                found.reasons)
            .in(found.closing);
    Map<MethodNode, String> descriptors = new LinkedHashMap<>();
    found.helpers.values().forEach(helper -> descriptors.put(helper, helper.desc));
    return new ConvertedHelpers(found.reasons, descriptors, found.convert(), unawaited);
  }

  static String key(MethodNode method) {
    return method.name + method.desc;
  }

  private boolean returnsStage(MethodNode method) {
    Type result = Type.getReturnType(method.desc);
    return result.getSort() == Type.OBJECT
        && hierarchy.isSubclass(result.getInternalName(), Names.STAGE);
  }

  private boolean isPrivatePlain(MethodNode method) {
    return (method.access & Opcodes.ACC_PRIVATE) != 0 && isPlain(method);
  }

  private boolean isPlain(MethodNode method) {
    return (method.access & UNFIT_FLAGS) == 0
        && !method.name.startsWith("<")
        && !returnsStage(method);
  }

  private boolean mayBeHelper(MethodNode method) {
    return isPrivatePlain(method)
        && (method.access & Opcodes.ACC_SYNCHRONIZED) == 0
        && !awaits(method, false);
  }

  private void find(boolean byCloses) {
    for (MethodNode method : owner.methods) {
      boolean isClosing = byCloses && isPlain(method) && closes.mayBeIn(method);
      if (isClosing) {
        closing.add(method);
      }
      if (!isPrivatePlain(method) || !isClosing && !awaits(method, true)) {
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

  // ---- which of them can be

  /** Those in between. */
  private void addCallers() {
    boolean found = true;
    while (found) {
      Set<MethodNode> callers = new LinkedHashSet<>();
      for (String helper : helpers.keySet()) {
        for (MethodUses.Use use : uses.of(helper)) {
          if (mayBeHelper(use.in()) && !helpers.containsKey(key(use.in()))) {
            callers.add(use.in());
          }
        }
      }
      callers.forEach(caller -> helpers.put(key(caller), caller));
      found = !callers.isEmpty();
    }
  }

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

  /** Those in between that are left with none to call. */
  private void dropNeedless(Set<String> awaiting) {
    Set<MethodNode> needed = new LinkedHashSet<>();
    helpers.forEach(
        (key, helper) -> {
          if (awaiting.contains(key)) {
            needed.add(helper);
          }
        });
    boolean found = !needed.isEmpty();
    while (found) {
      Set<MethodNode> callers = new LinkedHashSet<>();
      for (MethodNode helper : needed) {
        uses.of(key(helper)).forEach(use -> callers.add(use.in()));
      }
      callers.retainAll(helpers.values());
      found = needed.addAll(callers);
    }
    helpers.values().retainAll(needed);
  }

  private @Nullable String whyNot(String helper) {
    List<MethodUses.Use> all = uses.of(helper);
    if (all.isEmpty()) {
      return "is called by none";
    }
    for (MethodUses.Use use : all) {
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

  static String nameOf(MethodNode method) {
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
      String name = "the class " + Type.getObjectType(mate).getClassName();
      new MethodUses(node, owner.name)
          .all()
          .forEach(
              (used, all) -> {
                found.put(used, "is called in " + name);
                all.stream()
                    .filter(use -> use.call() != null && returnsStage(use.in()))
                    .findFirst()
                    .ifPresent(
                        use ->
                            asyncCallersOutside.put(
                                used, UnawaitedCloses.nameOf(use.in()) + " of " + name));
              });
    }
    return found;
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

  /** By the awaits that stand for their calls, the names of the methods. */
  private Map<AbstractInsnNode, String> convert() {
    Map<AbstractInsnNode, String> calls = new LinkedHashMap<>();
    helpers.forEach(
        (key, helper) -> {
          for (MethodUses.Use use : uses.of(key)) {
            if (use.call() != null) {
              calls.put(HelperConversion.await(use.in(), use.call()), helper.name);
            }
          }
        });
    helpers.values().forEach(HelperConversion::convert);
    return calls;
  }
}
