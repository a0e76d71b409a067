package dev.weft.docs;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The list of all pages, beside each of them. A page belongs to the first of the groups below that
 * has a pattern for it, and stands in the order of the patterns; so a new page needs no entry.
 */
final class Navigation {
  private static final String DIAGNOSTIC = "async-weaver/docs/diagnostics/WEFT*.md";
  private static final PathMatcher DIAGNOSTICS = glob(DIAGNOSTIC);

  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put(
        "Using it",
        List.of(
            "README.md",
            "examples/README.md",
            "docs/streams.md",
            "docs/sockets.md",
            "docs/http.md",
            "docs/what-hangs.md",
            "docs/task-dumps.md",
            "docs/stack-traces.md",
            "docs/context.md",
            "docs/http-client.md",
            "docs/netty.md",
            "docs/flight-recorder.md",
            "docs/testing.md",
            "docs/slow-polls.md",
            "docs/debugging.md",
            "docs/metrics.md",
            "docs/two-models.md",
            "echo-server/README.md"));
    GROUPS.put(
        "The weaver",
        List.of(
            "async-weaver/README.md",
            "async-weaver/docs/diagnostics/README.md",
            DIAGNOSTIC,
            "async-weaver/gradle/**",
            "async-weaver/**"));
    GROUPS.put("How it is made", List.of("docs/questions.md", "docs/scheduler.md", "docs/**"));
    GROUPS.put("The project", List.of("perf/README.md", "CONTRIBUTING.md", "CHANGELOG.md", "**"));
  }

  /** Pages that belong into another group than their folder says. */
  private static final Map<String, String> MOVED =
      Map.of("async-weaver/docs/lowering.md", "How it is made");

  private static final Map<String, String> SHORT_TITLES =
      Map.of(
          "README.md", "Weft",
          "async-weaver/README.md", "Weaving",
          "echo-server/README.md", "The echo server",
          "perf/README.md", "Measuring");

  private final Map<String, List<Page>> groups = new LinkedHashMap<>();

  Navigation(Collection<Page> pages) {
    GROUPS.forEach(
        (group, patterns) -> {
          List<Page> members = new ArrayList<>();
          for (String pattern : patterns) {
            PathMatcher matcher = glob(pattern);
            pages.stream()
                .filter(page -> matcher.matches(page.source()) && isFree(page, group, members))
                .forEach(members::add);
          }
          pages.stream()
              .filter(page -> group.equals(MOVED.get(page.source().toString())))
              .forEach(members::add);
          groups.put(group, members);
        });
  }

  private boolean isFree(Page page, String group, List<Page> members) {
    return !members.contains(page)
        && groups.values().stream().noneMatch(earlier -> earlier.contains(page))
        && MOVED.getOrDefault(page.source().toString(), group).equals(group);
  }

  /** As HTML, for a page at a location. */
  String html(String location) {
    StringBuilder html = new StringBuilder();
    groups.forEach(
        (group, pages) -> {
          html.append("<h2>").append(Html.escape(group)).append("</h2>\n<ul>\n");
          List<Page> details = pages.stream().filter(Navigation::isDiagnostic).toList();
          for (Page page : pages) {
            if (!isDiagnostic(page)) {
              html.append(item(page, title(page), location));
            }
            if (!details.isEmpty() && page.source().endsWith("diagnostics/README.md")) {
              html.append(folded(details, location));
            }
          }
          html.append("</ul>\n");
        });
    html.append("<h2>Reference</h2>\n<ul>\n<li><a href=\"")
        .append(Locations.relative(location, Locations.API))
        .append("\">API (Javadoc)</a></li>\n</ul>\n");
    return html.toString();
  }

  /** Thirty pages that nobody reads in a row. */
  private static String folded(List<Page> pages, String location) {
    boolean open = pages.stream().anyMatch(page -> isAt(page, location));
    StringBuilder html = new StringBuilder();
    html.append("<li><details").append(open ? " open" : "").append("><summary>by code</summary>");
    html.append("<ul>\n");
    for (Page page : pages) {
      html.append(item(page, page.title(), location));
    }
    return html.append("</ul></details></li>\n").toString();
  }

  private static String item(Page page, String title, String location) {
    String to = Locations.relative(location, Locations.ofPage(page.source()));
    String here = isAt(page, location) ? " aria-current=\"page\"" : "";
    return "<li><a href=\"" + to + "\"" + here + ">" + Html.escape(title) + "</a></li>\n";
  }

  private static boolean isAt(Page page, String location) {
    return Locations.ofPage(page.source()).equals(location);
  }

  private static boolean isDiagnostic(Page page) {
    return DIAGNOSTICS.matches(page.source());
  }

  private static PathMatcher glob(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  /** What the list calls a page. */
  static String title(Page page) {
    return SHORT_TITLES.getOrDefault(page.source().toString(), page.title());
  }

  /** The groups with their pages. */
  Map<String, List<Page>> groups() {
    return groups;
  }
}
