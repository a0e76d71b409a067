package dev.weft.perf.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Draws the page's charts as SVG files. Apache ECharts is a JavaScript library: it takes Node. */
final class SvgCharts {
  private static final int SECONDS = 60;

  private SvgCharts() {}

  /** Writes a file for each chart, or tells why there are none. */
  static void write(String data, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> earlier = Files.newDirectoryStream(folder, "*.svg")) {
      for (Path chart : earlier) {
        Files.delete(chart);
      }
    }
    Path sources = Files.createTempDirectory("charts-");
    for (String name : List.of("echarts.common.min.js", "charts.js", "svg.js")) {
      Files.writeString(sources.resolve(name), Report.resource(name));
    }
    Files.writeString(sources.resolve("data.json"), data);
    try {
      Process process =
          new ProcessBuilder(
                  "node",
                  sources.resolve("svg.js").toString(),
                  sources.resolve("data.json").toString(),
                  folder.toString())
              .inheritIO()
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        System.out.println("perf/run: the charts could not be drawn as SVG; see above");
      }
    } catch (IOException noNode) {
      System.out.println("perf/run: skipped: charts as SVG files, as there is no node in the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      for (String name : List.of("echarts.common.min.js", "charts.js", "svg.js", "data.json")) {
        Files.deleteIfExists(sources.resolve(name));
      }
      Files.deleteIfExists(sources);
    }
  }
}
