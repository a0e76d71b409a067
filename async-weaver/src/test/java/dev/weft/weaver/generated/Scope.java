package dev.weft.weaver.generated;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the code at some place of a program may use and do. */
final class Scope {
  final Method method;
  final List<Variable> variables;

  /** Loops that can be continued or left: "" for the innermost one, or a label. */
  final List<String> loops;

  boolean mayAwait = true;

  /** False inside a switch expression, which no jump may leave. */
  boolean mayReturn = true;

  /** What this method returns a future of; a lambda has its own. */
  JavaType result;

  Method.Returned returned;

  /** What this generator emits; null in what is none. */
  @Nullable JavaType emits;

  /** Whether an exception of a call that is not awaited would be caught here. */
  boolean inTry;

  /** Whether this is part of a case's guard, where javac 25 refuses to assign to any field. */
  boolean inGuard;

  /** How many more blocks may be nested here. */
  int depth;

  Scope(Method method, int depth) {
    this.method = method;
    this.variables = new ArrayList<>();
    this.loops = new ArrayList<>();
    this.result = method.result();
    this.returned = method.returns();
    this.depth = depth;
  }

  private Scope(Scope outer, List<Variable> variables) {
    this.method = outer.method;
    this.variables = variables;
    this.loops = new ArrayList<>(outer.loops);
    this.mayAwait = outer.mayAwait;
    this.mayReturn = outer.mayReturn;
    this.result = outer.result;
    this.returned = outer.returned;
    this.emits = outer.emits;
    this.inTry = outer.inTry;
    this.inGuard = outer.inGuard;
    this.depth = outer.depth - 1;
  }

  /** A block inside this one. */
  Scope inner() {
    return new Scope(this, new ArrayList<>(variables));
  }

  /** The body of a lambda or of a method of a local class. */
  Scope captured(JavaType itsResult) {
    List<Variable> kept = variables.stream().filter(Variable::isCapturable).toList();
    Scope body = new Scope(this, new ArrayList<>(kept));
    body.loops.clear();
    body.mayReturn = true;
    body.result = itsResult;
    body.returned = Method.Returned.FUTURE;
    body.emits = null;
    body.inTry = true; // its exceptions are its caller's
    return body;
  }

  /** The body of a lambda that computes a value and awaits nothing. */
  Scope computed() {
    Scope body = captured(result);
    body.mayAwait = false;
    body.mayReturn = false;
    return body;
  }

  /** The guard of a case. */
  Scope guard() {
    List<Variable> kept = new ArrayList<>();
    for (Variable variable : variables) {
      if (variable.isCapturable()) {
        kept.add(Variable.fixed(variable.name(), variable.type()));
      }
    }
    Scope guard = new Scope(this, kept);
    guard.loops.clear();
    guard.mayReturn = false;
    guard.inGuard = true;
    return guard;
  }

  List<Variable> of(JavaType type) {
    return variables.stream().filter(variable -> variable.type() == type).toList();
  }

  List<Variable> assignable(JavaType type) {
    return variables.stream()
        .filter(variable -> variable.type() == type && variable.isAssignable())
        .toList();
  }
}
