package dev.weft.weaver.book;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.corpus.Corpus;
import dev.weft.weaver.corpus.InMemoryCompiler;
import dev.weft.weaver.corpus.Shape;
import dev.weft.weaver.corpus.WovenShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table at the end of the book: a line for each shape of the corpus. */
final class ShapeTable {
  private static final Pattern CODE = Pattern.compile("\\[(WEFT\\d+)]");

  private final Corpus corpus;

  /** By engine, the bytes of each method: as compiled, and woven. */
  private final Map<Engine, List<int[]>> sizes = new HashMap<>();

  /** Those that are not accepted, woven all the same. */
  private final Map<Shape, WovenShape> others = new HashMap<>();

  ShapeTable(Corpus corpus) {
    this.corpus = corpus;
    for (String folder : List.of("warned", "refused")) {
      new InMemoryCompiler(corpus.release(), "-g")
          .compile(
              Shape.all(folder).stream()
                  .filter(shape -> shape.release() <= corpus.release())
                  .toList())
          .forEach(
              (shape, classes) ->
                  others.put(
                      shape, new WovenShape(shape, classes, FrameMode.CLASS_FILES, Engine.AUTO)));
    }
  }

  /**
   * The row of a shape.
   *
   * @param link the shape's name, with a link to it
   * @param chapter where the book speaks of it
   */
  String row(BookShape shape, String link, String chapter) {
    List<String> cells = new ArrayList<>(List.of(link, chapter));
    cells.add(Integer.toString(shape.shape().release()));
    cells.addAll(
        shape.folder().equals("accepted")
            ? accepted(shape.shape())
            : List.of(engines(others.get(shape.shape())), "", "", ""));
    cells.add(codes(shape.shape()));
    return "| " + String.join(" | ", cells) + " |";
  }

  private List<String> accepted(Shape shape) {
    if (shape.release() > corpus.release()) {
      return List.of("", "", "", "");
    }
    WovenShape auto = corpus.woven(shape, FrameMode.CLASS_FILES, Engine.AUTO);
    return List.of(
        engines(auto),
        Integer.toString(sum(auto, false)),
        size(shape, Engine.EA),
        size(shape, Engine.DIRECT));
  }

  private String size(Shape shape, Engine engine) {
    WovenShape woven = corpus.woven(shape, FrameMode.CLASS_FILES, engine);
    if (!woven.diagnostics().isEmpty()) {
      return "refused";
    }
    for (MethodReport method : methods(woven)) {
      sizes
          .computeIfAbsent(engine, key -> new ArrayList<>())
          .add(new int[] {method.originalBytes(), method.wovenBytes()});
    }
    return Integer.toString(sum(woven, true));
  }

  private static int sum(WovenShape woven, boolean afterwards) {
    return methods(woven).stream()
        .mapToInt(method -> afterwards ? method.wovenBytes() : method.originalBytes())
        .sum();
  }

  private static List<MethodReport> methods(WovenShape woven) {
    return woven.results.stream().flatMap(result -> result.methods().stream()).toList();
  }

  private static String engines(@Nullable WovenShape woven) {
    if (woven == null) {
      return "";
    } else if (!woven.diagnostics().isEmpty()) {
      return "refused";
    }
    List<MethodReport> methods = methods(woven);
    long ea = methods.stream().filter(method -> method.engine() == Engine.EA).count();
    return ea == methods.size()
        ? "EA Async"
        : ea == 0 ? "direct" : "EA Async " + ea + ", direct " + (methods.size() - ea);
  }

  private static String codes(Shape shape) {
    TreeSet<String> codes = new TreeSet<>();
    for (String severity : List.of("error", "warning")) {
      for (String diagnostic : shape.marked(severity)) {
        CODE.matcher(diagnostic)
            .results()
            .limit(1)
            .forEach(code -> codes.add("[%1$s](diagnostics/%1$s.md)".formatted(code.group(1))));
      }
    }
    return String.join(" ", codes);
  }

  /** What all rows come to; to be asked after them. */
  String summary() {
    List<int[]> ea = sizes.getOrDefault(Engine.EA, List.of());
    List<int[]> direct = sizes.getOrDefault(Engine.DIRECT, List.of());
    int compiled = direct.stream().mapToInt(size -> size[0]).sum();
    return String.format(
        Locale.ROOT,
        "All %d methods of the accepted shapes that Java %d compiles: %d bytes as compiled, %s by EA"
            + " Async, %s by `direct`.",
        direct.size(),
        corpus.release(),
        compiled,
        growth(ea),
        growth(direct));
  }

  private static String growth(List<int[]> methods) {
    int before = methods.stream().mapToInt(size -> size[0]).sum();
    int after = methods.stream().mapToInt(size -> size[1]).sum();
    double[] each =
        methods.stream().mapToDouble(size -> (double) size[1] / size[0]).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%d (%.1f times as many; the median of the methods is %.1f)",
        after,
        (double) after / before,
        each[each.length / 2]);
  }
}
