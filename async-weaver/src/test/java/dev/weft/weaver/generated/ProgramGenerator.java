package dev.weft.weaver.generated;

import dev.weft.weaver.generated.Method.Home;
import dev.weft.weaver.generated.Method.Returned;
import dev.weft.weaver.generated.Tree.Kind;
import java.util.ArrayList;
import java.util.List;

/** Makes a program of a seed: the same one each time. */
final class ProgramGenerator {
  private static final String START =
      """
      class NAME {
      static Probe p;
      static NAME self;
      static int count;
      int total;
      String text = "text";
      long[] cells = new long[4];
      static CompletableFuture<String> run(Probe probe) {
      p = probe;
      self = new NAME();
      count = 0;
      String result = "";
      """;

  private static final String END_OF_RUN =
      """
      return p.<String>of(result);
      }
      """;

  private static final String CELL =
      """
      static class Cell {
      static {
      p.log("Cell is initialized");
      }
      int n;
      Object o;
      Cell(int n, Object o) {
      p.log("new Cell " + n + p.brief(o));
      this.n = n;
      this.o = o;
      }
      Cell(int n, Object o, int... more) {
      this(Vocabulary.sum(n, more), o);
      }
      @Override public String toString() {
      return "Cell " + n + " " + p.brief(o);
      }
      }
      """;

  private static final String THROUGH =
      """
      static <T> CompletableFuture<T> through(CompletableFuture<T> future, T other) {
      T got = await(future);
      p.log("through");
      return p.<T>of(got == null ? other : got);
      }
      """;

  private final Dice dice;
  private final long seed;
  private final List<Method> methods = new ArrayList<>();

  private ProgramGenerator(long seed, int release) {
    this.seed = seed;
    this.dice = new Dice(seed, release);
  }

  /**
   * @param release the release of the language that it may use; not below 17
   */
  static Program generate(long seed, int release) {
    return new ProgramGenerator(seed, release).program(release);
  }

  private Program program(int release) {
    int count = dice.between(2, 4);
    for (int i = 0; i < count; i++) {
      methods.add(method());
    }
    CodeGenerator code = new CodeGenerator(dice, new Grammar(dice), methods);
    List<Tree> members = new ArrayList<>();
    members.add(Tree.member(CELL));
    if (dice.has(Feature.MERGED_TYPES)) {
      members.add(Tree.member(THROUGH));
    }
    Tree calls = calls(code);
    for (Home home : Home.values()) {
      addHome(home, code, members);
    }
    return new Program(
        seed,
        release,
        new Tree(Kind.CLAUSE, null, List.of(START, calls, END_OF_RUN, Tree.block(members), "}\n")));
  }

  private Method method() {
    Home home = dice.has(Feature.CLASSES) ? dice.pick(List.of(Home.values())) : Home.PROGRAM;
    boolean isStatic =
        home == Home.PROGRAM || home == Home.INTERFACE ? dice.chance(60) : home == Home.NESTED;
    boolean isRecursive = dice.chance(15);
    List<Variable> parameters = new ArrayList<>();
    if (isRecursive) {
      parameters.add(Variable.fixed("depth", JavaType.INT));
    }
    int count = dice.chance(8) ? dice.between(5, 12) : dice.below(4);
    for (int i = 0; i < count; i++) {
      JavaType type = dice.pick(JavaType.VALUES);
      String name = dice.name("a");
      parameters.add(dice.chance(50) ? Variable.fixed(name, type) : Variable.changing(name, type));
    }
    Returned returned = dice.chance(60) ? Returned.FUTURE : dice.pick(List.of(Returned.values()));
    return new Method(
        dice.name("m"),
        home,
        isStatic,
        target(home, isStatic),
        returned,
        dice.pick(JavaType.VALUES),
        parameters,
        isRecursive);
  }

  private String target(Home home, boolean isStatic) {
    return switch (home) {
      case PROGRAM -> isStatic ? "NAME." : "self.";
      case INTERFACE -> isStatic ? "Face." : "((Face) new Faced()).";
      case INNER -> "self.new Inner(3).";
      case NESTED -> "Nested.";
      case RECORD -> "new Rec(5, \"r\", 9L).";
      case ENUM -> dice.chance(50) ? "Kind.FIRST." : "Kind.SECOND.";
    };
  }

  /** Calls each method, and tells what it gave. */
  private Tree calls(CodeGenerator code) {
    List<Tree> calls = new ArrayList<>();
    Method entry =
        new Method(
            "run", Home.NESTED, true, "", Returned.FUTURE, JavaType.STRING, List.of(), false);
    for (Method method : methods) {
      String name = dice.name("e");
      calls.add(
          Tree.statement(
              "try {\nresult += p.show(await(",
              code.callFrom(entry, method),
              "));\n} catch (Throwable " + name + ") {\nresult += p.caught(" + name + ");\n}"));
    }
    return Tree.block(calls);
  }

  private void addHome(Home home, CodeGenerator code, List<Tree> members) {
    List<Tree> declared =
        methods.stream()
            .filter(method -> method.home() == home)
            .map(method -> declaration(method, code))
            .toList();
    if (declared.isEmpty()) {
      return;
    }
    if (home == Home.PROGRAM) {
      members.addAll(declared);
      return;
    }
    String start =
        switch (home) {
          case INTERFACE -> "static class Faced implements Face {\n}\ninterface Face {\n";
          case INNER -> "class Inner {\nint level;\nInner(int level) {\nthis.level = level;\n}\n";
          case NESTED -> "static class Nested {\n";
          case RECORD -> "record Rec(int x, String y, long z) {\n";
          default -> "enum Kind {\nFIRST,\nSECOND {\n};\n";
        };
    members.add(Tree.member(start, Tree.block(declared), "}"));
  }

  private Tree declaration(Method method, CodeGenerator code) {
    StringBuilder header = new StringBuilder();
    switch (method.home()) {
      case INTERFACE -> {
        boolean isPrivate = dice.chance(30);
        header.append(isPrivate ? "private " : "");
        header.append(method.isStatic() ? "static " : isPrivate ? "" : "default ");
      }
      case ENUM, RECORD -> header.append("public ");
      default -> {
        if (method.isStatic()) {
          header.append(dice.chance(30) ? "private static " : "static ");
        } else if (dice.chance(50)) {
          header.append(dice.pick(List.of("private ", "final ", "protected ")));
        }
      }
    }
    header
        .append(dice.chance(20) ? "<T extends Comparable<T>> " : "")
        .append(method.returns().type + "<" + method.result().boxed() + "> ")
        .append(method.name() + "(");
    String separator = "";
    for (Variable parameter : method.parameters()) {
      header.append(separator);
      header.append(parameter.type().source() + " " + parameter.name());
      separator = ", ";
    }
    header.append(") {\n");
    Tree body = code.body(method, fields(method), dice.between(6, 30));
    return Tree.member(header.toString(), body, "\n}");
  }

  private List<Variable> fields(Method method) {
    List<Variable> fields = new ArrayList<>();
    if (!dice.has(Feature.FIELDS)) {
      return fields;
    }
    fields.add(Variable.field("NAME.count", JavaType.INT));
    boolean inProgram = method.home() == Home.PROGRAM || method.home() == Home.INNER;
    if (inProgram && !method.isStatic()) {
      fields.add(Variable.field("total", JavaType.INT));
      fields.add(Variable.field("text", JavaType.STRING));
      fields.add(Variable.field("cells", JavaType.LONGS));
    }
    if (method.home() == Home.INNER) {
      fields.add(Variable.field("level", JavaType.INT));
      fields.add(Variable.field("NAME.this.total", JavaType.INT));
    }
    if (method.home() == Home.RECORD) {
      fields.add(Variable.fixed("x", JavaType.INT));
      fields.add(Variable.fixed("y", JavaType.STRING));
      fields.add(Variable.fixed("z()", JavaType.LONG));
    }
    return fields;
  }
}
