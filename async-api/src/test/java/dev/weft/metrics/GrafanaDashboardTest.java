package dev.weft.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.WorkStealingExecutor;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard of {@code docs/grafana} asks for what an executor publishes, and for all of it. */
class GrafanaDashboardTest {
  private static final Path FILE = Path.of("..", "docs", "grafana", "weft.json");

  /** The width of Grafana's grid. */
  private static final int COLUMNS = 24;

  /** Labels that Prometheus adds when it asks an application. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

  /** Grafana's names of units: a number, a rate a second, a share of 1, seconds. */
  private static final Set<String> UNITS = Set.of("short", "ops", "percentunit", "s");

  private static final Pattern METRIC = Pattern.compile("\\bweft_\\w+");
  private static final Pattern MATCHED_LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)\\{([^}]*)} ");

  private static JsonObject dashboard;

  /** By the name of a metric, the labels that it is published with. */
  private static Map<String, Set<String>> published;

  @BeforeAll
  static void readAndPublish() throws Exception {
    dashboard = JsonParser.parseString(Files.readString(FILE)).getAsJsonObject();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name("shop").workers(2).noDriver().build()) {
      new WeftMeterBinder(executor::metrics).bindTo(registry);
      published = samples(registry.scrape());
    }
  }

  private static Map<String, Set<String>> samples(String text) {
    Map<String, Set<String>> samples = new HashMap<>();
    SAMPLE
        .matcher(text)
        .results()
        .forEach(
            sample ->
                samples
                    .computeIfAbsent(sample.group(1), name -> new HashSet<>())
                    .addAll(groups(MATCHED_LABEL, sample.group(2))));
    return samples;
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1)).toList();
  }

  private static Stream<JsonObject> objects(JsonObject parent, String name) {
    JsonArray array = parent.has(name) ? parent.getAsJsonArray(name) : new JsonArray();
    return array.asList().stream().map(JsonElement::getAsJsonObject);
  }

  private static List<JsonObject> panels() {
    return objects(dashboard, "panels").toList();
  }

  private static List<JsonObject> graphs() {
    return panels().stream().filter(panel -> !text(panel, "type").equals("row")).toList();
  }

  private static List<JsonObject> variables() {
    return objects(dashboard.getAsJsonObject("templating"), "list").toList();
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  private static List<String> expressions() {
    return graphs().stream()
        .flatMap(panel -> objects(panel, "targets"))
        .map(target -> text(target, "expr"))
        .toList();
  }

  @Test
  void whatItAsksForIsPublished() {
    List<String> queries = new ArrayList<>(expressions());
    variables().stream()
        .filter(variable -> text(variable, "type").equals("query"))
        .forEach(variable -> queries.add(text(variable.getAsJsonObject("query"), "query")));
    assertThat(queries)
        .allSatisfy(
            query ->
                assertThat(METRIC.matcher(query).results().map(MatchResult::group))
                    .isNotEmpty()
                    .allMatch(published::containsKey));
  }

  @Test
  void whatIsPublishedIsOnIt() {
    Set<String> shown =
        expressions().stream()
            .flatMap(query -> METRIC.matcher(query).results().map(MatchResult::group))
            .collect(Collectors.toSet());
    assertThat(shown).containsExactlyInAnyOrderElementsOf(published.keySet());
    assertThat(published).hasSizeGreaterThan(20);
  }

  @Test
  void itsLabelsAreThoseOfTheMetrics() {
    for (JsonObject panel : graphs()) {
      objects(panel, "targets")
          .forEach(
              target -> {
                String query = text(target, "expr");
                Set<String> used = new TreeSet<>(groups(MATCHED_LABEL, query));
                used.addAll(groups(LEGEND_LABEL, text(target, "legendFormat")));
                for (String list : groups(GROUPING, query)) {
                  used.addAll(List.of(list.split(", ")));
                }
                used.removeAll(OF_THE_SCRAPE);
                METRIC
                    .matcher(query)
                    .results()
                    .forEach(
                        metric ->
                            assertThat(published.get(metric.group())).as(query).containsAll(used));
              });
    }
  }

  /** A counter has to be seen as a rate, and what a {@code sum by} has dropped is in no legend. */
  @Test
  void countersAreShownAsRatesAndLegendsHaveTheirLabels() {
    for (JsonObject panel : graphs()) {
      objects(panel, "targets")
          .forEach(
              target -> {
                String query = text(target, "expr");
                METRIC
                    .matcher(query)
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> name.endsWith("_total") || name.endsWith("_busy_seconds"))
                    .forEach(name -> assertThat(query).contains("rate(" + name + "{"));
                List<String> groupings = groups(GROUPING, query);
                if (!groupings.isEmpty()) {
                  assertThat(List.of(groupings.get(0).split(", ")))
                      .as(query)
                      .containsAll(groups(LEGEND_LABEL, text(target, "legendFormat")));
                }
              });
    }
  }

  @Test
  void itIsImportedAsItIs() throws IOException {
    assertThat(dashboard.get("id").isJsonNull()).as("no id, which each Grafana gives").isTrue();
    assertThat(dashboard.has("__inputs")).as("asks for nothing when it is imported").isFalse();
    assertThat(text(dashboard, "uid")).matches("[a-zA-Z0-9_-]{1,40}"); // what Grafana accepts
    Set<String> names =
        variables().stream().map(variable -> text(variable, "name")).collect(Collectors.toSet());
    assertThat(names).containsExactlyInAnyOrder("datasource", "instance", "executor");
    names.add("__rate_interval"); // Grafana's own
    names.add("__all");
    assertThat(groups(VARIABLE, Files.readString(FILE))).isNotEmpty().allMatch(names::contains);
    assertThat(text(variables().get(0), "type")).isEqualTo("datasource");
    assertThat(text(variables().get(0), "query")).isEqualTo("prometheus");
    assertThat(sourcesOf(dashboard)).containsOnly("${datasource}");
  }

  private static Set<String> sourcesOf(JsonElement element) {
    Set<String> sources = new HashSet<>();
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> sources.addAll(sourcesOf(each)));
    } else if (element.isJsonObject()) {
      element
          .getAsJsonObject()
          .asMap()
          .forEach(
              (name, value) -> {
                if (name.equals("datasource")) {
                  sources.add(
                      value.isJsonObject() ? text(value.getAsJsonObject(), "uid") : value + "");
                }
                sources.addAll(sourcesOf(value));
              });
    }
    return sources;
  }

  @Test
  void panelsHaveTheirOwnIdsAndPlaces() {
    assertThat(panels()).extracting(panel -> panel.get("id").getAsInt()).doesNotHaveDuplicates();
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonObject panel : panels()) {
      JsonObject place = panel.getAsJsonObject("gridPos");
      int right = number(place, "x") + number(place, "w");
      assertThat(right).as(text(panel, "title")).isLessThanOrEqualTo(COLUMNS);
      for (int x = number(place, "x"); x < right; x++) {
        for (int y = number(place, "y"); y < number(place, "y") + number(place, "h"); y++) {
          assertThat(taken.add(List.of(x, y)))
              .as("%s stands alone at %d, %d", text(panel, "title"), x, y)
              .isTrue();
        }
      }
    }
  }

  private static int number(JsonObject object, String name) {
    return object.get(name).getAsInt();
  }

  @Test
  void panelsSayWhatTheyShow() {
    assertThat(graphs())
        .allSatisfy(
            panel -> {
              String title = text(panel, "title");
              assertThat(text(panel, "description")).as(title).endsWith(".");
              JsonObject defaults =
                  panel.getAsJsonObject("fieldConfig").getAsJsonObject("defaults");
              assertThat(text(defaults, "unit")).as(title).isIn(UNITS);
              List<JsonObject> targets = objects(panel, "targets").toList();
              assertThat(targets).as(title).isNotEmpty();
              assertThat(targets)
                  .extracting(target -> text(target, "refId"))
                  .doesNotHaveDuplicates();
              assertThat(targets)
                  .extracting(target -> text(target, "legendFormat"))
                  .doesNotHaveDuplicates()
                  .noneMatch(String::isEmpty);
            });
    assertThat(panels()).extracting(panel -> text(panel, "title")).doesNotHaveDuplicates();
  }
}
