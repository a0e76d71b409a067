package dev.weft.perf.report;

import dev.weft.perf.Json;
import dev.weft.perf.compare.Claims;
import dev.weft.perf.compare.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of documents that are made from kept results. They stand between two comments, of which
 * the first names the files, relative to the project, and a test sees to it that they stay as made:
 *
 * <pre>{@code
 * <!-- figures: perf/results/claims-20261123T010203Z.json perf/results/await-....json -->
 * ...
 * <!-- end of figures -->
 * }</pre>
 */
final class GeneratedText {
  private static final Pattern PLACE =
      Pattern.compile(
          "(<!-- (figures|claims): ([^>]+) -->\n).*?(<!-- end of \\2 -->)", Pattern.DOTALL);

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private GeneratedText() {}

  /**
   * Makes these parts anew.
   *
   * @param args the project's folder, and documents in it
   */
  public static void main(String[] args) throws IOException {
    Path project = Path.of(args[0]);
    for (int i = 1; i < args.length; i++) {
      Path document = project.resolve(args[i]);
      Files.writeString(document, update(Files.readString(document), project));
      System.out.println("perf/run: " + args[i] + " is up to date");
    }
  }

  /**
   * A document as it has to be.
   *
   * @throws IOException if it names a file that cannot be read, or no comparison of servers
   */
  static String update(String text, Path project) throws IOException {
    Matcher place = PLACE.matcher(text);
    StringBuilder updated = new StringBuilder();
    while (place.find()) {
      String made = make(place.group(2), place.group(3), project);
      place.appendReplacement(
          updated, Matcher.quoteReplacement(place.group(1) + made + place.group(4)));
    }
    return place.appendTail(updated).toString();
  }

  private static String make(String kind, String names, Path project) throws IOException {
    Results results = null;
    List<Path> jmh = new ArrayList<>();
    for (String name : SPACES.splitAsStream(names.strip()).toList()) {
      Path file = project.resolve(name);
      String content = Files.readString(file);
      if (content.startsWith("[")) {
        jmh.add(file);
      } else {
        results = Json.read(content, Results.class);
      }
    }
    if (results == null) {
      throw new IOException("no comparison of servers among " + names);
    }
    return kind.equals("claims") ? Claims.table(results) : RatioTable.of(results, Jmh.read(jmh));
  }
}
