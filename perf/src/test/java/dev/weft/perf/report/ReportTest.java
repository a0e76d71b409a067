package dev.weft.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.perf.Json;
import dev.weft.perf.compare.Machine;
import dev.weft.perf.compare.Results;
import dev.weft.perf.load.Latencies;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import dev.weft.perf.load.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page has everything in it, and a browser draws it without a complaint. */
class ReportTest {
  /** 3 charts of each of 4 closed loops, 4 of each of 3 open ones, and 3 over all of them. */
  private static final int CHARTS = 3 * 4 + 4 * 3 + 3;

  private static final List<String> BROWSERS =
      List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

  /** Leaves what a reader would see amiss in the page's title. */
  private static final String CHECK =
      """
      <script>
        const amiss = [];
        if (document.documentElement.scrollWidth > innerWidth) amiss.push('wider than the window');
        for (const svg of document.querySelectorAll('svg')) {
          const box = svg.getBoundingClientRect();
          for (const text of svg.querySelectorAll('text')) {
            const t = text.getBoundingClientRect();
            if (t.left < box.left - 1 || t.right > box.right + 1
                || t.top < box.top - 1 || t.bottom > box.bottom + 1) {
              amiss.push(`${svg.parentElement.parentElement.id}: cut off: ${text.textContent}`);
            }
          }
        }
        document.title = `charts ${document.querySelectorAll('figure svg').length} amiss ${amiss}.`;
      </script>
      </body>""";

  @TempDir Path folder;

  @Test
  void thePageAsksTheNetworkForNothing() {
    String page = Report.page(results());

    assertThat(page).doesNotContain("<link rel=\"stylesheet\"", "@import", "<script src");
    assertThat(page).contains("echo-64x64", "\"tokio\"").doesNotContain("/*data*/", "/*echarts*/");
  }

  @Test
  void noNameEndsTheScript() {
    Results results = results();
    Results hostile =
        new Results(
            "perf/run </script><b>",
            results.machine(),
            results.baseline(),
            results.contenders(),
            results.skipped(),
            results.scenarios(),
            null);

    assertThat(Report.page(hostile)).doesNotContain("</script><b>");
  }

  @Test
  void resultsAreReadAsTheyWereWritten() {
    String json = Json.compact(results());

    assertThat(Json.compact(Json.read(json, Results.class))).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 420})
  void aBrowserDrawsIt(int width) throws Exception {
    String browser = browser();
    assumeTrue(browser != null, "no Chromium in the PATH");
    Path page = folder.resolve("page.html");
    String html = Report.page(results(), Jmh.read(List.of(benchmarks())));
    Files.writeString(page, html.substring(0, html.lastIndexOf("</body>")) + CHECK);
    Path errors = folder.resolve("errors");
    Path dom = folder.resolve("dom");

    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--window-size=" + width + ",1000",
                "--virtual-time-budget=5000",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                page.toUri().toString())
            .redirectError(errors.toFile())
            .redirectOutput(dom.toFile())
            .start();
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).as("the browser ends").isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(Files.readAllLines(errors)).noneMatch(line -> line.contains("CONSOLE"));
    assertThat(title(Files.readString(dom))).isEqualTo("charts " + CHARTS + " amiss .");
  }

  @Test
  void nodeDrawsTheSameChartsAsFiles() throws Exception {
    assumeTrue(isInPath("node"), "no node in the PATH");
    Path jmh = benchmarks();

    Report.write(results(), List.of(jmh), folder.resolve("page.html"));

    try (var files = Files.list(folder.resolve("charts"))) {
      assertThat(files.toList())
          .hasSize(CHARTS)
          .allSatisfy(file -> assertThat(Files.readString(file)).startsWith("<svg"));
    }
  }

  /** JMH's results of two contenders; what was run once has no error. */
  private Path benchmarks() throws IOException {
    Path file = folder.resolve("scheduler-test.json");
    Files.writeString(
        file,
        "["
            + benchmark("TaskSwitch.weft", "\"NaN\"")
            + ","
            + benchmark("TaskSwitch.virtualThreadPark", "0.5")
            + "]");
    return file;
  }

  private static String benchmark(String name, String error) {
    return "{\"benchmark\":\"dev.weft.%s\",\"jdkVersion\":\"25\",\"primaryMetric\":{\"score\":2.5,\"scoreError\":%s,\"scoreUnit\":\"ns/op\"}}"
        .formatted(name, error);
  }

  private static String title(String dom) {
    var title = Pattern.compile("<title>(.*?)</title>", Pattern.DOTALL).matcher(dom);
    return title.find() ? title.group(1) : "no title";
  }

  private static String browser() {
    return BROWSERS.stream().filter(ReportTest::isInPath).findFirst().orElse(null);
  }

  private static boolean isInPath(String program) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Results results() {
    LoadPlan echo = LoadPlan.defaults(1);
    LoadPlan mixed =
        echo.withRate(6300).withRequests(Request.framed(), 1, Request.burn(Duration.ofMillis(100)));
    return new Results(
        "perf/run quick",
        new Machine(
            "2026-01-01T00:00:00Z", "abc", "CPU", 2, "Linux", 0.1, "17", Map.of("jdk", "25")),
        "tokio",
        Map.of("tokio", "Tokio", "weft-epoll", "Weft, epoll", "virtual-threads", "Virtual threads"),
        Map.of("node", "no node in the PATH"),
        List.of(
            found("echo-64x64", echo),
            found("mixed-inline", mixed),
            found("echo-1x64", echo.withConnections(1, 64)),
            found("echo-10000x64", echo.withConnections(10_000, 64)),
            found("compute", echo),
            found("idle-50", mixed.withConnections(50, 64)),
            found("idle-5050", mixed.withConnections(5050, 64))),
        null);
  }

  private static Results.Found found(String name, LoadPlan plan) {
    return new Results.Found(
        name,
        "A question?",
        plan.toString(),
        Map.of(
            "tokio", List.of(result(plan, 1), result(plan, 1.1)),
            "virtual-threads", List.of(result(plan, 40), result(plan, 45)),
            "weft-epoll", List.of(result(plan, 0.5), result(plan, 0.6))));
  }

  private static LoadResult result(LoadPlan plan, double scale) {
    Latencies latencies =
        new Latencies(
            1000,
            110 * scale,
            100 * scale,
            200 * scale,
            3000 * scale,
            4000 * scale,
            5000 * scale,
            List.of(
                new double[] {0, 50 * scale},
                new double[] {50, 100 * scale},
                new double[] {99, 3000 * scale},
                new double[] {100, 5000 * scale}));
    return new LoadResult(
        plan,
        3,
        300_000,
        100_000 / scale,
        latencies,
        null,
        new LoadResult.ServerCost(
            2 * scale, 3 * scale, 5 * scale, 0.1 * scale, 0.01 * scale, 1, 50_000_000, 60_000_000),
        0.5,
        null,
        new long[] {100, 200, 0, 4000, 100},
        0,
        List.of());
  }
}
