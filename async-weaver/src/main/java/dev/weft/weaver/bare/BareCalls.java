package dev.weft.weaver.bare;

import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Gives the async methods that others await at once a second entry, and has those call it:
 *
 * <pre>
 *   Task total(Cart cart) {                  private Object total(Cart cart, Bare none) {
 *     int price = await(cart.price());         int price = await(cart.price());
 *     return Async.done(price * 2);            return price * 2;
 *   }                                        }
 *
 *                                            Task total(Cart cart) {
 *                                              try {
 *                                                return Bare.task(total(cart, null));
 *                                              } catch (Throwable e) {
 *                                                return Bare.failed(e);
 *                                              }
 *                                            }
 *
 *   await(total(cart))                       result = total(cart, null)
 *                                            Bare.isValue(result) ? result
 *                                                : await(Bare.stage(result))
 * </pre>
 *
 * <p>Where the coop budget need not be looked at, the question is for the result's class alone; see
 * {@link PassedAwaits}.
 *
 * <p>The entry is an async method as others are, which returns an {@code Object}, so both engines
 * lower it as any; and the await in the last line is one as any other. That is why all of this is
 * done before they see the class. It has the method's name, and so stack traces have the names that
 * the source has; see {@link BareEntry}.
 *
 * <p>A method whose returns are all of futures that others have made has no such entry: it would
 * have nothing to return. Nor has one that may be overridden, whose awaits are EA Async's, or that
 * has an annotation by which others find it. A class that is loaded already, and gets another body,
 * has exactly the entries that it has: the JVM neither adds nor removes methods then.
 *
 * <p>Within the class the entry is called as it stands. Another class's is linked when the call
 * first runs, see {@link OtherClasses}; so what was woven by itself, or compiled anew, still fits.
 */
public final class BareCalls implements BareSites.Callees {
  private final ClassNode owner;
  private final CallsBetween others;
  private final OtherClasses classes;
  private final BareMethods entries;
  private final Predicate<AsyncMethod> isWithout;

  /** By name and descriptor. */
  private final Map<String, AsyncMethod> fit = new HashMap<>();

  /** Of these, those that pass an await on each way to a value. */
  private final Set<String> awaiting = new HashSet<>();

  private final Map<MethodNode, List<Integer>> lines = new HashMap<>();
  private final List<AsyncMethod> methods = new ArrayList<>();

  private BareCalls(
      ClassNode owner,
      ClassHierarchy hierarchy,
      CallsBetween others,
      Predicate<AsyncMethod> isWithout) {
    this.owner = owner;
    this.others = others;
    this.entries = new BareMethods(hierarchy);
    this.classes = new OtherClasses(owner, hierarchy, entries);
    this.isWithout = isWithout;
  }

  /**
   * Does it, in place.
   *
   * @param methods those that are to be woven
   * @param hierarchy where other classes are read, whose methods these may await
   * @param others what other classes call
   * @param isWithout tells which methods are left as they are
   */
  public static BareCalls apply(
      ClassNode owner,
      List<AsyncMethod> methods,
      ClassHierarchy hierarchy,
      CallsBetween others,
      Predicate<AsyncMethod> isWithout) {
    BareCalls all = new BareCalls(owner, hierarchy, others, isWithout);
    all.apply(methods);
    return all;
  }

  /** Nothing was done: all methods are as they were. */
  public static BareCalls none(
      ClassNode owner, List<AsyncMethod> methods, ClassHierarchy hierarchy) {
    BareCalls none = new BareCalls(owner, hierarchy, new CallsBetween(), any -> true);
    none.methods.addAll(methods);
    return none;
  }

  /** The same methods, with the entries in place of those that have one; those are done. */
  public List<AsyncMethod> methods() {
    return methods;
  }

  /** The lines of a method's awaits that go by an entry of what they call. */
  public List<Integer> lines(AsyncMethod async) {
    return lines.getOrDefault(async.source(), List.of());
  }

  private void apply(List<AsyncMethod> compiled) {
    for (AsyncMethod async : compiled) {
      if (mayBeEntered(async)) {
        fit.put(key(async.method()), async);
        if (PassedAwaits.onEachWay(async.method())) {
          awaiting.add(key(async.method()));
        }
      }
    }
    Set<String> entered = new LinkedHashSet<>();
    for (AsyncMethod async : compiled) {
      if (async.convention() == AsyncMethod.Convention.WEFT && !isWithout.test(async)) {
        entered.addAll(callIn(async));
      }
      if (isEnteredByOthers(async.method())) {
        entered.add(key(async.method()));
      }
    }
    Map<AsyncMethod, AsyncMethod> made = new LinkedHashMap<>();
    for (String callee : entered) {
      AsyncMethod async = fit.get(callee);
      if (async != null) {
        AsyncMethod entry = BareEntry.of(async);
        owner.methods.add(entry.method());
        made.put(async, entry);
      }
    }
    compiled.forEach(async -> methods.add(made.getOrDefault(async, async)));
    made.forEach((async, entry) -> Wrapper.of(owner, async.method(), entry.method()).install());
  }

  private static String key(MethodNode method) {
    return method.name + method.desc;
  }

  // ---- which methods

  private boolean mayBeEntered(AsyncMethod async) {
    if (async.convention() != AsyncMethod.Convention.WEFT || async.source() != async.method()) {
      return false;
    }
    Set<String> loaded = others.entriesOfLoaded();
    return loaded != null
        ? loaded.contains(async.method().name + async.compiled())
        : !isWithout.test(async) && entries.mayHaveEntry(owner, async.method());
  }

  private boolean isEnteredByOthers(MethodNode method) {
    if (others.entriesOfLoaded() != null) {
      return true; // if it is fit
    }
    if ((method.access & Opcodes.ACC_PRIVATE) != 0 && others.areAny()) {
      boolean hasNest = owner.nestHostClass != null || owner.nestMembers != null;
      return hasNest && !BareMethods.isOwn(method);
    }
    return others.contain(owner.name, method.name, method.desc);
  }

  // ---- which calls

  /** Changes the awaits of a method; returns what they call by its bare entry. */
  private Set<String> callIn(AsyncMethod caller) {
    boolean inInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    try {
      BareSites.Rewritten rewritten =
          BareSites.rewrite(owner.name, caller.method(), inInterface, this);
      lines.put(caller.source(), rewritten.lines());
      return rewritten.called();
    } catch (AnalyzerException nonsense) {
      return Set.of(); // the engines say what is wrong with it
    }
  }

  @Override
  public boolean isFit(MethodInsnNode call) {
    return call.owner.equals(owner.name)
        ? fit.containsKey(call.name + call.desc)
        : classes.isFit(call);
  }

  /**
   * Of other classes that is not known: they may be compiled anew before the call is linked. Nor is
   * it where classes are woven as they are loaded, since there a debugger may give the method
   * another body, while this one runs on.
   */
  @Override
  public boolean passesAwait(MethodInsnNode call) {
    boolean staysSo = !others.areAny() && others.entriesOfLoaded() == null;
    return staysSo && call.owner.equals(owner.name) && awaiting.contains(call.name + call.desc);
  }
}
