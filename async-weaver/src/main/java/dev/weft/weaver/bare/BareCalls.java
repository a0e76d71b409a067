package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Gives the async methods that others of their class await at once a second entry, and has those
 * call it:
 *
 * <pre>
 *   Task total(Cart cart) {                  synthetic Object total(Cart cart) {
 *     int price = await(cart.price());         int price = await(cart.price());
 *     return Async.done(price * 2);            return price * 2;
 *   }                                        }
 *
 *                                            Task total(Cart cart) {
 *                                              try {
 *                                                return Bare.task((Object) total(cart));
 *                                              } catch (Throwable e) {
 *                                                return Settled.thrown(e);
 *                                              }
 *                                            }
 *
 *   await(total(cart))                       result = (Object) total(cart)
 *                                            Bare.isValue(result) ? result
 *                                                : await(Bare.stage(result))
 * </pre>
 *
 * <p>The entry is an async method as others are, which returns an {@code Object}, so both engines
 * lower it as any; and the await in the last line is one as any other. That is why all of this is
 * done before they see the class. It has the method's name, and so stack traces have the names that
 * the source has; and it returns an {@code Object}, so that reflection, asked for a method by its
 * name and parameters, finds the one whose result is the narrower type, which is the method.
 *
 * <p>A method whose returns are all of futures that others have made has no such entry: it would
 * have nothing to return. Nor has one that may be overridden, whose awaits are EA Async's, or that
 * JUnit is to find by its name.
 */
public final class BareCalls {
  private static final int UNFIT_FLAGS =
      Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNCHRONIZED;

  private final ClassNode owner;

  /** By name and descriptor. */
  private final Map<String, AsyncMethod> fit = new HashMap<>();

  private BareCalls(ClassNode owner, List<AsyncMethod> methods) {
    this.owner = owner;
    for (AsyncMethod async : methods) {
      if (mayBeEntered(async)) {
        fit.put(key(async.method()), async);
      }
    }
  }

  /**
   * Does it, in place.
   *
   * @param methods those that are to be woven
   * @return the same, with the entries in place of the methods that have one; those are done
   */
  public static List<AsyncMethod> apply(ClassNode owner, List<AsyncMethod> methods) {
    BareCalls calls = new BareCalls(owner, methods);
    return calls.fit.isEmpty() ? methods : calls.apply(methods);
  }

  private List<AsyncMethod> apply(List<AsyncMethod> methods) {
    Set<String> entered = new LinkedHashSet<>();
    for (AsyncMethod async : methods) {
      if (async.convention() == AsyncMethod.Convention.WEFT) {
        entered.addAll(callIn(async.method()));
      }
    }
    Map<AsyncMethod, AsyncMethod> entries = new LinkedHashMap<>();
    for (String callee : entered) {
      AsyncMethod async = fit.get(callee);
      if (async != null) {
        AsyncMethod entry = BareEntry.of(async);
        owner.methods.add(entry.method());
        entries.put(async, entry);
      }
    }
    List<AsyncMethod> all = new ArrayList<>();
    methods.forEach(async -> all.add(entries.getOrDefault(async, async)));
    entries.forEach((async, entry) -> Wrapper.of(owner, async.method(), entry.method()).install());
    return all;
  }

  private static String key(MethodNode method) {
    return method.name + method.desc;
  }

  // ---- which methods

  private boolean mayBeEntered(AsyncMethod async) {
    MethodNode method = async.method();
    Type result = async.returnType();
    boolean isFuture =
        result.getDescriptor().equals(Names.FUTURE_DESC)
            || result.getDescriptor().equals(Names.TASK_DESC);
    return isFuture
        && async.convention() == AsyncMethod.Convention.WEFT
        && async.source() == method
        && (method.access & UNFIT_FLAGS) == 0
        && isBoundStatically(method)
        && !isTest(method)
        && !isTaken(BareEntry.descriptor(method), method.name)
        && BareReturns.hasOne(method);
  }

  private boolean isBoundStatically(MethodNode method) {
    int bound = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
    return (method.access & bound) != 0 || (owner.access & Opcodes.ACC_FINAL) != 0;
  }

  /** JUnit asks for a method that returns nothing by its name, and would find either. */
  private static boolean isTest(MethodNode method) {
    List<AnnotationNode> annotations = method.visibleAnnotations;
    return annotations != null
        && annotations.stream().anyMatch(each -> each.desc.equals(Names.ASYNC_TEST_DESC));
  }

  /** A bridge may stand there. */
  private boolean isTaken(String descriptor, String name) {
    return owner.methods.stream()
        .anyMatch(method -> method.name.equals(name) && method.desc.equals(descriptor));
  }

  // ---- which calls

  /** Changes the awaits of a method; returns what they call by its bare entry. */
  private Set<String> callIn(MethodNode caller) {
    boolean inInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    try {
      return BareSites.rewrite(owner.name, caller, inInterface, this::isFit);
    } catch (AnalyzerException nonsense) {
      return Set.of(); // the engines say what is wrong with it
    }
  }

  private boolean isFit(MethodInsnNode call) {
    return call.owner.equals(owner.name) && fit.containsKey(call.name + call.desc);
  }
}
