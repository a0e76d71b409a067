package dev.weft.weaver.generated;

import dev.weft.weaver.generated.Template.Hole;
import dev.weft.weaver.generated.Tree.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills the templates of the grammar: expressions, statements, and the bodies of methods. */
final class CodeGenerator {
  private static final int EXPRESSION_DEPTH = 3;

  private final Dice dice;
  private final Grammar grammar;
  private final List<Method> methods;

  /** How many more rules may be applied in the current method; then only leaves are left. */
  private int budget;

  /**
   * @param methods those that may be called: by each one those behind it
   */
  CodeGenerator(Dice dice, Grammar grammar, List<Method> methods) {
    this.dice = dice;
    this.grammar = grammar;
    this.methods = methods;
  }

  /** The body of a method. */
  Tree body(Method method, List<Variable> fields, int size) {
    budget = size;
    Scope scope = new Scope(method, 4);
    scope.variables.addAll(fields);
    scope.variables.addAll(method.parameters());
    List<Tree> statements = new ArrayList<>();
    statements.add(Tree.statement("p.enter(\"" + method.name() + "\");"));
    if (method.isRecursive()) {
      statements.add(recursion(method, scope));
    }
    int count = dice.between(2, 6);
    for (int i = 0; i < count; i++) {
      statements.add(statement(scope));
    }
    for (Variable variable : scope.variables) {
      if (!fields.contains(variable) && dice.chance(40)) {
        statements.add(Tree.statement("p.log(" + variable.name() + ");"));
      }
    }
    if (dice.chance(15)) {
      statements.add(tailCall(scope));
    }
    statements.add(Tree.statement(returned(scope)));
    return Tree.block(statements);
  }

  /** A call with arguments that await nothing. */
  Tree callFrom(Method caller, Method callee) {
    Scope scope = new Scope(caller, 0);
    scope.mayAwait = false;
    return call(callee, scope, null);
  }

  private Tree recursion(Method method, Scope scope) {
    String first = method.parameters().get(0).name();
    String name = dice.name("again");
    Tree call = call(method, scope, Tree.expression(JavaType.INT, "((" + first + " & 3) - 1)"));
    scope.variables.add(Variable.changing(name, method.result()));
    return Tree.statement(
        method.result().source() + " " + name + " = " + method.result().simplest() + ";\n",
        "if ((" + first + " & 3) > 0 && p.more()) {\n" + name + " = await(",
        call,
        ");\n}");
  }

  /** A statement that returns another method's future. */
  private Tree tailCall(Scope scope) {
    List<Method> fitting =
        callable(scope, scope.result).stream()
            .filter(
                callee ->
                    callee.returns() == scope.returned
                        || (scope.returned == Method.Returned.STAGE)
                        || (scope.returned == Method.Returned.FUTURE
                            && callee.returns() != Method.Returned.STAGE))
            .toList();
    if (fitting.isEmpty() || scope.inTry) {
      return statement(scope);
    }
    Tree call = call(dice.pick(fitting), scope, null);
    return Tree.statement(
        "if (", expression(JavaType.BOOLEAN, scope, 2), ") {\nreturn ", call, ";\n}");
  }

  private Object[] returned(Scope scope) {
    if (scope.emits != null) {
      return new Object[] {"return AsyncStream.end();"};
    }
    return new Object[] {
      "return " + factory(scope) + "(", expression(scope.result, scope, EXPRESSION_DEPTH), ");"
    };
  }

  /** A value of which the weaver sees that it is there needs no future between two methods. */
  private String factory(Scope scope) {
    String type = "<" + scope.result.boxed() + ">";
    boolean mayBeTask = scope.returned == Method.Returned.TASK;
    if ((mayBeTask || scope.returned == Method.Returned.FUTURE) && dice.chance(45)) {
      return mayBeTask || dice.chance(50)
          ? "Async." + type + "done"
          : "CompletableFuture." + type + "completedFuture";
    }
    return "p." + type + scope.returned.factory;
  }

  // ---- statements

  private Tree statements(Scope scope, int most) {
    List<Tree> statements = new ArrayList<>();
    int count = dice.between(1, most);
    for (int i = 0; i < count; i++) {
      statements.add(statement(scope));
    }
    return Tree.block(statements);
  }

  private Tree statement(Scope scope) {
    int choice = dice.below(100);
    if (choice < 25) {
      return declaration(scope);
    }
    if (choice < 32) {
      return jump(scope);
    }
    for (int attempts = 0; attempts < 20; attempts++) {
      Template template = dice.pick(grammar.statements());
      boolean possible = !template.hasBlocks() || (scope.depth > 0 && budget > 0);
      if (possible && template.fits(scope)) {
        return new Tree(Kind.STATEMENT, null, fill(template, scope, EXPRESSION_DEPTH));
      }
    }
    return declaration(scope);
  }

  private Tree declaration(Scope scope) {
    JavaType type = dice.pick(List.of(JavaType.values()));
    String name = dice.name("v");
    int form = dice.below(100);
    if (form < 40) {
      Tree value = expression(type, scope, EXPRESSION_DEPTH);
      scope.variables.add(Variable.fixed(name, type));
      return Tree.statement("final " + type.source() + " " + name + " = ", value, ";");
    }
    Tree statement;
    if (form < 50) {
      statement = assignedLater(type, name, scope);
    } else if (form < 55 && !type.isPrimitive()) {
      statement = Tree.statement(type.source() + " " + name + " = null;");
    } else {
      boolean exact = type.isPrimitive() || type == JavaType.STRING || type == JavaType.INTS;
      String declared = form < 65 && exact ? "var" : type.source();
      statement =
          Tree.statement(
              declared + " " + name + " = ", expression(type, scope, EXPRESSION_DEPTH), ";");
    }
    scope.variables.add(Variable.changing(name, type));
    return statement;
  }

  /** A variable without a value at first. */
  private Tree assignedLater(JavaType type, String name, Scope scope) {
    Scope first = scope.inner();
    Scope second = scope.inner();
    return Tree.statement(
        type.source() + " " + name + ";\nif (",
        expression(JavaType.BOOLEAN, scope, 2),
        ") {\n",
        scope.depth > 0 ? statements(first, 2) : Tree.NOTHING,
        name + " = ",
        expression(type, first, 2),
        ";\n} else {\n",
        scope.depth > 0 ? statements(second, 2) : Tree.NOTHING,
        name + " = ",
        expression(type, second, 2),
        ";\n}");
  }

  private Tree jump(Scope scope) {
    List<Object> parts = new ArrayList<>();
    parts.add("if (");
    parts.add(expression(JavaType.BOOLEAN, scope, 2));
    parts.add(") {\n");
    if (!scope.loops.isEmpty() && dice.chance(70)) {
      String label = dice.pick(scope.loops);
      parts.add(
          (dice.chance(50) ? "break" : "continue") + (label.isEmpty() ? "" : " " + label) + ";");
    } else if (scope.mayReturn && dice.chance(60)) {
      parts.addAll(List.of(returned(scope)));
    } else if (scope.mayAwait) {
      parts.add("await(p.<Integer>task(");
      parts.add(expression(JavaType.INT, scope, 2));
      parts.add("));");
    } else {
      parts.add("p.log(" + dice.below(100) + ");");
    }
    parts.add("\n}");
    return new Tree(Kind.STATEMENT, null, parts);
  }

  // ---- expressions

  Tree expression(JavaType type, Scope scope, int depth) {
    if (depth <= 0 || budget <= 0) {
      return leaf(type, scope);
    }
    int choice = dice.below(100);
    if (scope.mayAwait && choice < 22) {
      budget--;
      return awaited(type, scope, depth);
    }
    if (choice < 55) {
      return leaf(type, scope);
    }
    List<Template> rules = grammar.expressions(type);
    for (int attempts = 0; attempts < 5 && !rules.isEmpty(); attempts++) {
      Template rule = dice.pick(rules);
      if (rule.fits(scope) && (!rule.hasBlocks() || scope.depth > 0)) {
        budget--;
        return new Tree(Kind.EXPRESSION, type, fill(rule, scope, depth - 1));
      }
    }
    return leaf(type, scope);
  }

  private Tree leaf(JavaType type, Scope scope) {
    List<Variable> variables = scope.of(type);
    if (!variables.isEmpty() && dice.chance(75)) {
      return Tree.expression(type, dice.pick(variables).name());
    }
    return new Tree(Kind.EXPRESSION, type, fill(dice.pick(grammar.literals(type)), scope, 0));
  }

  private Tree awaited(JavaType type, Scope scope, int depth) {
    if (type == JavaType.FUTURE) {
      return Tree.expression(
          type, "p.<Integer>of(", expression(JavaType.INT, scope, depth - 1), ")");
    }
    String start = type.isPrimitive() ? "((" + type.source() + ") await(" : "await(";
    String end = type.isPrimitive() ? "))" : ")";
    List<Method> callees = callable(scope, type);
    if (!callees.isEmpty() && dice.chance(45)) {
      return Tree.expression(type, start, call(dice.pick(callees), scope, null), end);
    }
    String factory = dice.pick(List.of("of", "of", "task", "stage", "promise"));
    return Tree.expression(
        type,
        start + "p.<" + type.boxed() + ">" + factory + "(",
        expression(type, scope, depth - 1),
        ")" + end);
  }

  private List<Method> callable(Scope scope, JavaType result) {
    int self = methods.indexOf(scope.method);
    return methods.subList(self + 1, methods.size()).stream()
        .filter(callee -> callee.result() == result)
        .toList();
  }

  private Tree call(Method callee, Scope scope, @Nullable Tree first) {
    List<Object> parts = new ArrayList<>();
    boolean sameHome = callee.home() == scope.method.home() && !scope.method.isStatic();
    parts.add((sameHome && dice.chance(60) ? "" : callee.target()) + callee.name() + "(");
    String separator = "";
    for (Variable parameter : callee.parameters()) {
      parts.add(separator);
      boolean given = first != null && separator.isEmpty();
      parts.add(given ? first : expression(parameter.type(), scope, 1));
      separator = ", ";
    }
    parts.add(")");
    return new Tree(Kind.CLAUSE, null, parts);
  }

  // ---- templates

  private List<Object> fill(Template template, Scope scope, int depth) {
    Map<String, String> names = new HashMap<>();
    Deque<List<Object>> open = new ArrayDeque<>();
    open.push(new ArrayList<>());
    Deque<Boolean> kept = new ArrayDeque<>();
    for (Hole hole : template.holes()) {
      List<Object> parts = open.element();
      switch (hole.kind()) {
        case '[' -> {
          open.push(new ArrayList<>());
          kept.push(dice.chance(65));
        }
        case ']' -> {
          open.pop();
          if (kept.pop()) {
            open.element().add(new Tree(Kind.CLAUSE, null, parts));
          }
        }
        case '#' -> parts.add(names.computeIfAbsent(hole.name(), dice::name));
        case '$' -> parts.add(expression(JavaType.ofKey(hole.name()), scope, depth));
        case '^' -> parts.add(expression(JavaType.ofKey(hole.name()), scope.guard(), depth));
        case '~' -> parts.add(expression(JavaType.ofKey(hole.name()), scope.computed(), depth));
        case '@' -> parts.add(dice.pick(scope.assignable(JavaType.ofKey(hole.name()))).name());
        case '*' -> parts.add(generatorBody(JavaType.ofKey(hole.name()), scope));
        case '&' -> parts.add(asyncBody(JavaType.ofKey(hole.name()), scope));
        case '%' -> parts.add(statements(blockScope(hole.name(), scope, names), 3));
        default -> parts.add(hole.name());
      }
    }
    return open.element();
  }

  private Tree asyncBody(JavaType type, Scope scope) {
    Scope body = scope.captured(type);
    Tree statements = statements(body, 3);
    Tree last = Tree.statement(returned(body));
    return new Tree(Kind.CLAUSE, null, List.of(" {\n", statements, last, "\n}"));
  }

  private Tree generatorBody(JavaType type, Scope scope) {
    Scope body = scope.captured(type);
    body.mayAwait = true;
    body.emits = type;
    Template emit = Template.of(Template.emitOf(type));
    List<Object> parts = new ArrayList<>(List.of(" {\n"));
    int count = dice.between(1, 3);
    for (int i = 0; i < count; i++) {
      if (dice.chance(60)) {
        parts.add(statements(body, 2));
      }
      parts.add(new Tree(Kind.STATEMENT, null, fill(emit, body, 2)));
    }
    parts.add(statements(body, 2));
    parts.add(Tree.statement(returned(body)));
    parts.add("\n}");
    return new Tree(Kind.CLAUSE, null, parts);
  }

  private Scope blockScope(String specification, Scope outer, Map<String, String> names) {
    Scope scope = outer.inner();
    for (String item : specification.split(";")) {
      String[] words = item.trim().split(" ");
      String name =
          words.length > 1 ? names.computeIfAbsent(words[1].substring(1), dice::name) : "";
      switch (words[0]) {
        case "" -> {}
        case "loop" -> {
          scope.loops.add(name);
        }
        case "switch" -> {} // whose break only leaves it
        case "value" -> {
          scope.loops.clear();
          scope.mayReturn = false;
        }
        case "try" -> scope.inTry = true;
        case "monitor" -> scope.mayAwait = false;
        default -> scope.variables.add(variable(words[0], name));
      }
    }
    return scope;
  }

  private static Variable variable(String type, String name) {
    if (type.equals("Integer")) { // boxed: not every cast that an int allows is allowed
      return Variable.fixed("((int) " + name + ")", JavaType.INT);
    }
    return type.endsWith("!")
        ? Variable.counter(name, JavaType.ofKey(type.substring(0, type.length() - 1)))
        : Variable.fixed(name, JavaType.ofKey(type));
  }
}
