package dev.weft.perf.report;

import dev.weft.perf.Json;
import dev.weft.perf.compare.Results;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one HTML page of a run's results. The page holds all that it needs: the figures, and Apache
 * ECharts to draw them; it asks no network for anything.
 */
public final class Report {
  private static final Pattern PLACE = Pattern.compile("/\\*(echarts|data|charts|page)\\*/");

  private Report() {}

  /** What the page's scripts are given. */
  private record Data(Results results, Map<String, String> ratios) {}

  /**
   * Makes a page of a file in {@code perf/results}.
   *
   * @param args the file with the results, and the page to be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("Usage: perf/run report RESULTS.json; the newest one if there is no name");
      System.exit(2);
    }
    Path file = Path.of(args[0]);
    write(Json.read(Files.readString(file), Results.class), Path.of(args[1]));
  }

  /** Writes the page and tells where it is. */
  public static void write(Results results, Path page) throws IOException {
    Files.createDirectories(page.toAbsolutePath().getParent());
    Files.writeString(page, page(results));
    System.out.println("perf/run: " + page + " (open it in a browser)");
  }

  /** The page. */
  static String page(Results results) {
    // In a script "</" would end it, wherever it stands.
    String data = Json.compact(new Data(results, results.ratios())).replace("</", "<\\/");
    Map<String, String> parts =
        Map.of(
            "echarts", resource("echarts.common.min.js"),
            "data", data,
            "charts", resource("charts.js"),
            "page", resource("page.js"));
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
  }

  private static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside " + Report.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
