package dev.weft.weaver.book;

import dev.weft.weaver.corpus.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A shape by the name that the book has for it.
 *
 * @param folder the folder of the corpus in which it is
 */
record BookShape(String folder, Shape shape) {
  private static final String ACCEPTED = "accepted";
  private static final String FILES = "../src/test/resources/corpus/";

  /** All shapes of the corpus, those too that this JDK cannot compile. */
  static List<BookShape> all() {
    List<BookShape> all = new ArrayList<>();
    for (String folder : List.of(ACCEPTED, "warned", "refused")) {
      Shape.all(folder).forEach(shape -> all.add(new BookShape(folder, shape)));
    }
    return all;
  }

  /** The name of the file, with its folder unless that is the one of most. */
  String name() {
    return folder.equals(ACCEPTED) ? shape.name() : folder + "/" + shape.name();
  }

  /** A link from the book. */
  String link() {
    return "[`%s`](%s%s/%s)".formatted(name(), FILES, folder, shape.fileName());
  }

  /** What it is about. */
  String subject() {
    String first = shape.source().lines().findFirst().orElseThrow().substring("// ".length());
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }
}
