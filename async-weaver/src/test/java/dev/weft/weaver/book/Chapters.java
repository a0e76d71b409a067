package dev.weft.weaver.book;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The chapters of the book that are about shapes: their titles, texts, and shapes. */
final class Chapters {
  private static final Pattern CHAPTER =
      Pattern.compile("(?ms)^## ((\\d+)\\. [^\n]+)\n(.*?)(?=^## |\\z)");

  private static final Pattern SHAPES = Pattern.compile("(?s)<!-- shapes: (.+?) -->");

  /** One of them, with the text below its title. */
  record Chapter(String title, String number, String text) {
    List<String> shapes() {
      List<String> names = new ArrayList<>();
      SHAPES.matcher(text).results().forEach(list -> names.addAll(names(list.group(1))));
      return names;
    }

    /** What GitHub, and the site, call its heading in a link. */
    String anchor() {
      return title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    }

    /** For messages, which are not to print the book. */
    @Override
    public String toString() {
      return title;
    }
  }

  private final List<Chapter> all = new ArrayList<>();
  private final Map<String, Chapter> byShape = new LinkedHashMap<>();

  Chapters(String book) {
    Matcher chapter = CHAPTER.matcher(book);
    while (chapter.find()) {
      all.add(new Chapter(chapter.group(1), chapter.group(2), chapter.group(3)));
    }
    all.forEach(each -> each.shapes().forEach(name -> byShape.put(name, each)));
  }

  List<Chapter> all() {
    return all;
  }

  /** A link to the chapter that has a shape; nothing if none has. */
  String linkTo(String shape) {
    Chapter chapter = byShape.get(shape);
    return chapter == null ? "" : "[%s](#%s)".formatted(chapter.number(), chapter.anchor());
  }

  /** The names in a list. */
  static List<String> names(String list) {
    return List.of(list.strip().split("\\s+"));
  }
}
