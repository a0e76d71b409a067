package dev.weft.weaver.book;

import dev.weft.weaver.Engine;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.corpus.Corpus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parts of the book that are made from the corpus. Each stands between two comments, of which
 * the first says what it is:
 *
 * <pre>
 * lowered: SHAPE.METHOD [frames] [variables] [at 'TEXT' LINES [and blocks]] | COLUMN | COLUMN ..
 * saved: SHAPE.METHOD           what the frame holds at each await
 * said: FOLDER/SHAPE            the lines with a diagnostic, and what it is
 * shapes: SHAPE ..              the shapes that the chapter is about
 * table: all shapes
 * </pre>
 */
final class LoweringBook {
  private static final Pattern PLACE =
      Pattern.compile(
          "(<!-- (lowered|saved|said|shapes|table): (.+?) -->\n).*?(<!-- end of \\2 -->)",
          Pattern.DOTALL);

  private static final Pattern STRAY = Pattern.compile("<!--.*?(-->|\\z)", Pattern.DOTALL);

  private static final Pattern EXAMPLE = Pattern.compile("<!-- (?:lowered|saved): (\\w+)");

  private static final Pattern EXCERPT = Pattern.compile("at '([^']+)' (\\d+)");

  private final Corpus corpus;

  /** The shapes that are shown, compiled with the names of their locals. */
  private final Corpus examples;

  private final String text;
  private final Map<String, BookShape> shapes = new LinkedHashMap<>();
  private final Chapters chapters;

  /**
   * @param corpus what the table is made from
   */
  LoweringBook(String text, Corpus corpus) {
    this.text = text;
    this.corpus = corpus;
    Set<String> shown =
        EXAMPLE.matcher(text).results().map(at -> at.group(1)).collect(Collectors.toSet());
    examples = new Corpus(corpus.release(), shape -> shown.contains(shape.name()), "-g");
    BookShape.all().forEach(shape -> shapes.put(shape.name(), shape));
    chapters = new Chapters(text);
  }

  /** Comments that begin or end a part and belong to none that is made, as one misspelt. */
  static List<String> strayComments(String text) {
    String rest = PLACE.matcher(text).replaceAll("");
    return STRAY.matcher(rest).results().map(MatchResult::group).toList();
  }

  /** The book as it has to be. */
  String update() {
    Matcher place = PLACE.matcher(text);
    StringBuilder updated = new StringBuilder();
    while (place.find()) {
      String made = String.join("\n", make(place.group(2), place.group(3))) + "\n";
      place.appendReplacement(
          updated, Matcher.quoteReplacement(place.group(1) + made + place.group(4)));
    }
    return place.appendTail(updated).toString();
  }

  private List<String> make(String kind, String what) {
    return switch (kind) {
      case "lowered" -> lowered(what);
      case "saved" -> saved(new Example(examples, what));
      case "said" -> said(shape(what));
      case "shapes" -> Chapters.names(what).stream().map(this::item).toList();
      default -> table();
    };
  }

  private BookShape shape(String name) {
    BookShape shape = shapes.get(name);
    if (shape == null) {
      throw new AssertionError("lowering.md: the corpus has no shape " + name);
    }
    return shape;
  }

  private String item(String name) {
    return "- " + shape(name).link() + ": " + shape(name).subject();
  }

  private static List<String> fenced(List<String> lines) {
    List<String> block = new ArrayList<>(List.of("```"));
    block.addAll(lines);
    block.add("```");
    return block;
  }

  private List<String> lowered(String what) {
    List<String> parts = Arrays.stream(what.split("\\|")).map(String::strip).toList();
    String head = parts.get(0);
    Example example = new Example(examples, head.split(" ")[0]);
    Listing.Detail detail =
        new Listing.Detail(head.contains(" frames"), head.contains(" variables"));
    return fenced(
        SideBySide.of(
            parts.stream().skip(1).map(name -> example.column(name, detail)).toList(),
            example.source(),
            excerpt(head, example)));
  }

  private static IntPredicate excerpt(String head, Example example) {
    Matcher at = EXCERPT.matcher(head);
    if (!at.find()) {
      return line -> true;
    }
    List<String> source = example.source();
    int first = 0;
    while (!source.get(first).contains(at.group(1))) {
      first++;
      if (first == source.size()) {
        throw new AssertionError("lowering.md: " + head + ": no line of the shape has that text");
      }
    }
    int start = first + 1;
    int end = start + Integer.parseInt(at.group(2));
    boolean blocks = head.endsWith(" and blocks");
    return line -> line == Listing.SIGNATURE || blocks && line <= 0 || start <= line && line < end;
  }

  private List<String> saved(Example example) {
    List<String> rows = new ArrayList<>();
    rows.add("| line | | kept by EA Async | kept by `direct` |");
    rows.add("|---|---|---|---|");
    MethodReport ea = example.report(Engine.EA);
    MethodReport direct = example.report(Engine.DIRECT);
    for (int i = 0; i < direct.suspensionPoints().size(); i++) {
      SuspensionPoint point = direct.suspensionPoints().get(i);
      rows.add(
          "| %d | `%s` | %s | %s |"
              .formatted(
                  point.line(),
                  example.source().get(point.line() - 1).strip(),
                  names(ea.suspensionPoints().get(i)),
                  names(point)));
    }
    return rows;
  }

  private static String names(SuspensionPoint point) {
    return point.saved().isEmpty()
        ? "nothing"
        : point.saved().stream()
            .map(SavedLocal::name)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
  }

  private List<String> said(BookShape shape) {
    List<String> lines = new ArrayList<>();
    for (String severity : List.of("error", "warning")) {
      for (String diagnostic : shape.shape().marked(severity)) {
        int line = Integer.parseInt(diagnostic.split(":", 3)[1]);
        String source = shape.shape().source().lines().toList().get(line - 1);
        lines.add(source.substring(0, source.indexOf(" // " + severity)).strip());
        lines.add("    " + diagnostic);
      }
    }
    return fenced(lines);
  }

  private List<String> table() {
    ShapeTable table = new ShapeTable(corpus);
    List<String> rows = new ArrayList<>();
    rows.add("| shape | chapter | Java | `auto` takes | compiled | EA Async | `direct` | |");
    rows.add("|---|---|--:|---|--:|--:|--:|---|");
    shapes.forEach(
        (name, shape) -> rows.add(table.row(shape, shape.link(), chapters.linkTo(name))));
    rows.add("");
    rows.add(table.summary());
    return rows;
  }
}
