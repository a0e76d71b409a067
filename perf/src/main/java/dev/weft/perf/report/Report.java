package dev.weft.perf.report;

import dev.weft.perf.Json;
import dev.weft.perf.compare.Claims;
import dev.weft.perf.compare.Results;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private record Data(
      Results results, Map<String, String> ratios, List<Claims.Claim> claims, List<Jmh.Score> jmh) {
    static Data of(Results results, List<Jmh.Score> jmh) {
      return new Data(results, results.ratios(), Claims.of(results), jmh);
    }
  }

  /**
   * Makes a page of a file in {@code perf/results}.
   *
   * @param args the file with the results, the page to be written, and files of JMH's results to
   *     draw as well
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("Usage: perf/run report RESULTS.json; the newest one if there is no name");
      System.exit(2);
    }
    List<Path> jmh = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      jmh.add(Path.of(args[i]));
    }
    Results results = Json.read(Files.readString(Path.of(args[0])), Results.class);
    write(results, jmh, Path.of(args[1]));
  }

  /**
   * Writes the page, and each of its charts as an SVG file beside it, and tells where they are.
   *
   * @param jmh files of JMH's results
   */
  public static void write(Results results, List<Path> jmh, Path page) throws IOException {
    Files.createDirectories(page.toAbsolutePath().getParent());
    Data data = Data.of(results, Jmh.read(jmh));
    Files.writeString(page, page(data));
    System.out.println("perf/run: " + page + " (open it in a browser)");
    SvgCharts.write(Json.compact(data), page.resolveSibling("charts"));
  }

  /** The page, without benchmarks of JMH. */
  static String page(Results results) {
    return page(results, List.of());
  }

  /** The page. */
  static String page(Results results, List<Jmh.Score> jmh) {
    return page(Data.of(results, jmh));
  }

  private static String page(Data data) {
    // In a script "</" would end it, wherever it stands.
    String json = Json.compact(data).replace("</", "<\\/");
    Map<String, String> parts =
        Map.of(
            "echarts", resource("echarts.common.min.js"),
            "data", json,
            "charts", resource("charts.js"),
            "page", resource("page.js"));
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
  }

  static String resource(String name) {
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
