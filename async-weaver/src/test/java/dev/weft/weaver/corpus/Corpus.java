package dev.weft.weaver.corpus;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Shapes compiled in one way, together with what was already found out about them. */
public final class Corpus {
  /** The accepted shapes as javac compiles them by default, at its newest release. */
  public static final Corpus NEWEST = new Corpus(Runtime.version().feature());

  /** Both ways to weave; {@link Engine#AUTO} is one of them for each method. */
  static final List<Engine> ENGINES = List.of(Engine.EA, Engine.DIRECT);

  private static final BlockingWorld BLOCKING = new BlockingWorld();

  private final int release;
  private final List<Shape> shapes;
  private final Map<Shape, Map<String, byte[]>> compiled;
  private final Map<List<Object>, WovenShape> woven = new HashMap<>();
  private final Map<List<Object>, Observation> blocking = new HashMap<>();

  /**
   * The accepted shapes.
   *
   * @param release what they are compiled for; shapes that need a newer one are left out
   */
  Corpus(int release, String... options) {
    this(release, shape -> true, options);
  }

  /**
   * Some of the accepted shapes.
   *
   * @param release what they are compiled for; shapes that need a newer one are left out
   */
  public Corpus(int release, Predicate<Shape> wanted, String... options) {
    this.release = release;
    shapes =
        Shape.in("accepted").stream()
            .filter(shape -> shape.release() <= release)
            .filter(wanted)
            .toList();
    compiled = new InMemoryCompiler(release, options).compile(shapes);
  }

  /** What the shapes are compiled for. */
  public int release() {
    return release;
  }

  public List<Shape> shapes() {
    return shapes;
  }

  public WovenShape woven(Shape shape, FrameMode mode, Engine engine) {
    return woven.computeIfAbsent(
        List.of(shape, mode, engine), key -> new WovenShape(shape, classes(shape), mode, engine));
  }

  /** How the shape runs when nobody has woven it. */
  Observation blocking(Shape shape, Readiness readiness, int failing) {
    return blocking.computeIfAbsent(
        List.of(shape, readiness, failing),
        key -> BLOCKING.run(shape, classes(shape), readiness, failing));
  }

  /** What the shape's outcome has to be when all its futures succeed. */
  String expected(Shape shape, Readiness readiness) {
    String expected = shape.expected();
    return expected != null ? expected : blocking(shape, readiness, 0).outcome();
  }

  /** The class files of a shape as they were compiled, by name. */
  public Map<String, byte[]> classes(Shape shape) {
    return Objects.requireNonNull(compiled.get(shape), shape.name());
  }

  @Override
  public String toString() {
    return compiled.keySet().stream().map(Shape::name).collect(Collectors.joining(" "));
  }
}
