package dev.weft.weaver.prepare;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.scan.AwaitedCloses;
import dev.weft.weaver.scan.RiskyCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds the closes of an {@code AsyncCloseable} in ordinary methods that async methods of the class
 * call. In the async method itself such a close would be an await; there it is begun, and the
 * thread goes on while it is under way. An ordinary method that only others call is not warned of:
 * on threads of one's own it blocks, as it is meant to. Neither is what a lambda calls, which may
 * be there to run elsewhere.
 */
final class UnawaitedCloses {
  private final AwaitedCloses closes;
  private final MethodUses uses;

  /** Async methods, and what has become one. */
  private final Predicate<MethodNode> async;

  /** By name and descriptor, async methods of other classes that call a method. */
  private final Map<String, String> callersOutside;

  /** Why a private method could not become async. */
  private final Map<String, String> reasons;

  UnawaitedCloses(
      AwaitedCloses closes,
      MethodUses uses,
      Predicate<MethodNode> async,
      Map<String, String> callersOutside,
      Map<String, String> reasons) {
    this.closes = closes;
    this.uses = uses;
    this.async = async;
    this.callersOutside = callersOutside;
    this.reasons = reasons;
  }

  /** Those of the ordinary methods that close something. */
  List<RiskyCall> in(List<MethodNode> closing) {
    List<RiskyCall> found = new ArrayList<>();
    for (MethodNode method : closing) {
      String caller = async.test(method) ? null : asyncCallerOf(method);
      if (caller != null) {
        for (AbstractInsnNode insn : method.instructions) {
          if (closes.isIn(method, insn)) {
            found.add(
                new RiskyCall(
                    DiagnosticCode.UNAWAITED_CLOSE, AwaitCall.lineOf(insn), text(method, caller)));
          }
        }
      }
    }
    return found;
  }

  /** An async method that calls it, be it through other ordinary methods. */
  private @Nullable String asyncCallerOf(MethodNode method) {
    Set<MethodNode> seen = new HashSet<>(Set.of(method));
    Deque<MethodNode> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      String key = AwaitingHelpers.key(open.getFirst());
      if (callersOutside.containsKey(key)) {
        return callersOutside.get(key);
      }
      for (MethodUses.Use use : uses.of(AwaitingHelpers.key(open.removeFirst()))) {
        MethodNode in = use.in();
        if (use.call() == null) {
          continue;
        }
        if (async.test(in)) {
          return nameOf(in);
        }
        if ((in.access & Opcodes.ACC_SYNTHETIC) == 0 && !in.name.startsWith("<") && seen.add(in)) {
          open.add(in);
        }
      }
    }
    return null;
  }

  static String nameOf(MethodNode async) {
    if (!async.name.startsWith("lambda$")) {
      return "the async method " + async.name;
    }
    return async.name.contains("$generator") ? "a generator" : "an async lambda";
  }

  private String text(MethodNode method, String caller) {
    String why = reasons.get(AwaitingHelpers.key(method));
    return "close() of an AsyncCloseable in "
        + method.name
        + ", which returns no future, and which runs as part of "
        + caller
        + ": on an executor's thread it is begun and not awaited, on others it blocks. Return a Task,"
        + " or a CompletableFuture, and await that in the caller, or make "
        + (why == null
            ? method.name + " private"
            : method.name
                + " one that async methods of its class, and such methods, alone call ("
                + method.name
                + " "
                + why
                + ")");
  }
}
