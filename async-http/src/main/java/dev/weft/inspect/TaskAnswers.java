package dev.weft.inspect;

import dev.weft.AsyncStackTrace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What pages are told of tasks: the rows in view and no others, groups, and one task in full. */
final class TaskAnswers {
  /** Of a stack. Guessed: more than anybody reads, and an answer of 100 KB. */
  private static final int MOST_LINES = 1000;

  private final Program program;
  private final Scans scans;
  private final boolean locals;

  /**
   * @param locals whether to tell the values of {@code AsyncLocal}s
   */
  TaskAnswers(Program program, Scans scans, boolean locals) {
    this.program = program;
    this.scans = scans;
    this.locals = locals;
  }

  /** The rows, or the groups, that a query is about. */
  Json window(Query query) {
    Scan scan = scans.current();
    int[] matching = scan.matching(query);
    Json json = new Json().open('{');
    json.member("ageMillis", millis(scans.ageNanos()))
        .member("costMicros", TimeUnit.NANOSECONDS.toMicros(scans.costNanos()))
        .member("againMillis", millis(scans.nanosLeft()) + 1)
        .member("total", scan.size())
        .member("matching", matching.length);
    states(json, scan, query);
    json.name("deadlocks").open('[');
    scan.deadlocks().forEach(json::value);
    json.close(']');
    if (query.grouped()) {
      groups(json, scan, query, matching);
    } else {
      rows(json, scan, query, matching);
    }
    return json.close('}');
  }

  /** How many there are in each state, on the executor that was chosen. */
  private static void states(Json json, Scan scan, Query query) {
    long[] counts = new long[Sight.State.NUMBER];
    for (int row = 0; row < scan.size(); row++) {
      if (query.executor() == null || query.executor() == scan.executor(row)) {
        counts[scan.state(row).index]++;
      }
    }
    json.name("states").open('{');
    for (Sight.State state : Sight.State.values()) {
      json.member(nameOf(state), counts[state.index]);
    }
    json.close('}');
  }

  private static String nameOf(Sight.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static void rows(Json json, Scan scan, Query query, int[] matching) {
    int[] rows =
        Window.of(
            matching, scan.column(query.sort()), query.descending(), query.offset(), query.limit());
    Map<Long, Json> texts = scan.texts(rows);
    json.member("offset", query.offset()).name("rows").open('[');
    for (int row : rows) {
      json.open('{');
      Json text = texts.get(scan.number(row));
      if (text == null) {
        json.member("key", keyOf(scan.number(row))).member("ended", true);
      } else {
        json.members(text);
      }
      json.member("executor", scan.executor(row))
          .member("state", nameOf(scan.state(row)))
          .member("site", scan.siteText(scan.site(row)))
          .member("polls", scan.polls(row));
      known(json, "ageMillis", scan.ageMillis(row));
      known(json, "stateMillis", scan.stateMillis(row));
      known(json, "busyMillis", scan.busyMillis(row));
      json.close('}');
    }
    json.close(']');
  }

  private static void known(Json json, String name, long value) {
    if (value != Sight.UNKNOWN) {
      json.member(name, value);
    }
  }

  /** As {@link Sight#key}. */
  private static String keyOf(long number) {
    return number < 0 ? "c" + Long.toHexString(~number) : "t" + number;
  }

  private static void groups(Json json, Scan scan, Query query, int[] matching) {
    long[] counts = new long[scan.siteCount()];
    long[][] ofState = new long[scan.siteCount()][Sight.State.NUMBER];
    long[] oldest = new long[scan.siteCount()];
    for (int row : matching) {
      int site = scan.site(row);
      counts[site]++;
      ofState[site][scan.state(row).index]++;
      oldest[site] = Math.max(oldest[site], scan.stateMillis(row));
    }
    int[] sites = new int[counts.length];
    int found = 0;
    for (int site = 0; site < counts.length; site++) {
      if (counts[site] > 0) {
        sites[found++] = site;
      }
    }
    int[] all = Arrays.copyOf(sites, found);
    int[] window = Window.of(all, counts, query.descending(), query.offset(), query.limit());
    json.member("groups", found).member("offset", query.offset()).name("rows").open('[');
    for (int site : window) {
      json.open('{')
          .member("site", scan.siteText(site))
          .member("count", counts[site])
          .member("longestMillis", oldest[site]);
      for (Sight.State state : Sight.State.values()) {
        json.member(nameOf(state), ofState[site][state.index]);
      }
      json.close('}');
    }
    json.close(']');
  }

  // ---- one task

  /** Where it stands, both ways; null if there is no such task any more. */
  @Nullable Json stack(String key) {
    Sight sight = program.find(key).orElse(null);
    if (sight == null) {
      return null;
    }
    Json json =
        new Json()
            .open('{')
            .member("key", key)
            .member("name", sight.name())
            .member("origin", sight.origin())
            .member("state", nameOf(sight.state()))
            .member("polls", sight.polls())
            .member("awaits", sight.awaits())
            .member("awaitedBy", sight.awaitedBy());
    known(json, "ageMillis", sight.ageMillis());
    known(json, "stateMillis", sight.stateMillis());
    known(json, "busyMillis", sight.busyMillis());
    trace(json.name("trace"), sight.stack());
    List<StackTraceElement> java = sight.javaStack();
    if (!java.isEmpty()) {
      lines(json.member("thread", sight.thread()).name("java"), java);
    }
    if (locals) {
      json.name("locals").open('{');
      sight.locals().forEach((name, value) -> json.member(name, value));
      json.close('}');
    }
    return json.close('}');
  }

  private static void trace(Json json, AsyncStackTrace trace) {
    json.open('{').member("subject", trace.subject()).member("state", trace.state());
    lines(json.name("calls"), trace.calls());
    lines(json.name("callers"), trace.awaitedBy());
    json.name("branches").open('[');
    trace.branches().forEach(branch -> trace(json, branch));
    json.close(']').close('}');
  }

  private static void lines(Json json, List<StackTraceElement> lines) {
    json.open('[');
    lines.stream().limit(MOST_LINES).forEach(line -> json.value(Lines.withTask(line)));
    json.close(']');
  }

  static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
