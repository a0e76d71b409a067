package dev.weft.weaver.bare;

import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Gives the async methods that others await at once a second entry, and has those call it:
 *
 * <pre>
 *   Task total(Cart cart) {                  private Object total(Cart cart) {
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
 *
 * <p>Within the class the entry is called as it stands. Another class's is linked when the call
 * first runs, see {@link OtherClasses}; so what was woven by itself, or compiled anew, still fits.
 */
public final class BareCalls {
  private final ClassNode owner;
  private final CallsBetween others;
  private final OtherClasses classes;

  /** By name and descriptor. */
  private final Map<String, AsyncMethod> fit = new HashMap<>();

  private BareCalls(
      ClassNode owner, List<AsyncMethod> methods, ClassHierarchy hierarchy, CallsBetween others) {
    this.owner = owner;
    this.others = others;
    this.classes = new OtherClasses(owner.name, hierarchy);
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
   * @param hierarchy where other classes are read, whose methods these may await
   * @param others what other classes call
   * @return the same, with the entries in place of the methods that have one; those are done
   */
  public static List<AsyncMethod> apply(
      ClassNode owner, List<AsyncMethod> methods, ClassHierarchy hierarchy, CallsBetween others) {
    return new BareCalls(owner, methods, hierarchy, others).apply(methods);
  }

  private List<AsyncMethod> apply(List<AsyncMethod> methods) {
    Set<String> entered = new LinkedHashSet<>();
    for (AsyncMethod async : methods) {
      if (async.convention() == AsyncMethod.Convention.WEFT) {
        entered.addAll(callIn(async.method()));
      }
      MethodNode method = async.method();
      if ((method.access & Opcodes.ACC_PRIVATE) == 0
          && mayBeEntered(async)
          && others.contain(owner.name, method.name, method.desc)) {
        entered.add(key(method));
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
    return async.convention() == AsyncMethod.Convention.WEFT
        && async.source() == async.method()
        && BareMethods.mayHaveEntry(owner, async.method());
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
    return call.owner.equals(owner.name)
        ? fit.containsKey(call.name + call.desc)
        : classes.isFit(call);
  }
}
