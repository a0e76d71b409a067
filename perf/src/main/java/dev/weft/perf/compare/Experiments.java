package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run shows of each of the {@link Claims}, by the rule that stands there. Two servers are
 * looked at: one that runs tasks on several threads, and an event loop.
 */
final class Experiments {
  /** More than this many times is "of another order", for latencies. */
  private static final double ANOTHER_ORDER = 10;

  /**
   * One server's figures in two scenarios, over each other: from the smallest over the largest to
   * the largest over the smallest, as their rounds were not measured in pairs.
   */
  private record Range(double low, double high) {
    static Range of(Found over, Found under, String server, Figure figure) {
      List<Double> above = over.figures(server, figure);
      List<Double> below = under.figures(server, figure);
      return new Range(
          Collections.min(above) / Collections.max(below),
          Collections.max(above) / Collections.min(below));
    }

    Outcome open() {
      return Ratio.open(low, high);
    }
  }

  private final Results results;

  Experiments(Results results) {
    this.results = results;
  }

  Finding spreads(String multi, String loop) {
    Found found = both("compute", multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    Ratio ratio = found.ratio(multi, loop, Figure.THROUGHPUT);
    return new Finding(
        ratio.low() > 1.5 ? Outcome.HOLDS : ratio.high() < 1.5 ? Outcome.FAILS : ratio.open(),
        words(found, multi, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, loop, Figure.THROUGHPUT, "/s")
            + ": "
            + ratio);
  }

  Finding halts(String server) {
    Found stalled = both("mixed-inline", server, server);
    Found idle = both("mixed-idle", server, server);
    if (stalled == null || idle == null) {
      return Finding.NONE;
    }
    double with = stalled.median(server, Figure.P99);
    double without = idle.median(server, Figure.P99);
    Range both = Range.of(stalled, idle, server, Figure.P99);
    return new Finding(
        both.low() > ANOTHER_ORDER
            ? Outcome.HOLDS
            : both.high() < ANOTHER_ORDER ? Outcome.FAILS : both.open(),
        String.format(
            Locale.ROOT,
            "%s: p99 %s, without the burner %s",
            title(server),
            time(with),
            time(without)));
  }

  Finding equal(String scenario, String multi, String loop) {
    Found found = both(scenario, multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    if (found.isGeneratorTheLimit(multi) || found.isGeneratorTheLimit(loop)) {
      return Finding.GENERATOR;
    }
    Ratio ratio = found.ratio(loop, multi, Figure.THROUGHPUT);
    return new Finding(
        ratio.isSame() ? Outcome.HOLDS : ratio.isDifferent() ? Outcome.FAILS : ratio.open(),
        words(found, loop, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, multi, Figure.THROUGHPUT, "/s")
            + ": "
            + ratio);
  }

  Finding less(String scenario, Figure figure, String server, String than, String unit) {
    Found found = both(scenario, server, than);
    if (found == null) {
      return Finding.NONE;
    }
    Ratio ratio = found.ratio(server, than, figure);
    return new Finding(
        Double.isNaN(ratio.median())
            ? Outcome.UNKNOWN
            : !ratio.isDifferent()
                ? ratio.open()
                : ratio.median() < 1 ? Outcome.HOLDS : Outcome.FAILS,
        words(found, server, figure, " " + unit)
            + ", "
            + words(found, than, figure, " " + unit)
            + ": "
            + ratio);
  }

  Finding scales(String multi, String loop) {
    Found found = both("echo-10000x64", multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    if (found.isGeneratorTheLimit(multi) || found.isGeneratorTheLimit(loop)) {
      return Finding.GENERATOR;
    }
    Ratio more = found.ratio(multi, loop, Figure.THROUGHPUT);
    Ratio sooner = found.ratio(multi, loop, Figure.P99);
    boolean answersMore = more.isDifferent() && more.median() > 1;
    boolean answersSooner = sooner.isDifferent() && sooner.median() < 1;
    Outcome outcome =
        answersMore && answersSooner
            ? Outcome.HOLDS
            : isHidden(more) || isHidden(sooner)
                ? Outcome.UNKNOWN
                : answersMore || answersSooner
                    ? Outcome.DEPENDS
                    : more.isDifferent() || sooner.isDifferent()
                        ? Outcome.FAILS
                        : Outcome.UNDECIDED;
    return new Finding(
        outcome,
        words(found, multi, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, loop, Figure.THROUGHPUT, "/s")
            + ": "
            + more
            + "; p99 "
            + sooner);
  }

  /**
   * Whether the noise could hide a difference of any size: then it is not told that there is none.
   */
  private static boolean isHidden(Ratio ratio) {
    return !ratio.isDifferent() && ratio.isWide();
  }

  Finding restores(String multi, String loop) {
    List<String> figures = new ArrayList<>();
    int stalled = 0;
    int restored = 0;
    boolean known = true;
    for (String server : List.of(multi, loop)) {
      Found inline = both("mixed-inline", server, server);
      Found elsewhere = both("mixed-elsewhere", server, server);
      Outcome halts = halts(server).outcome();
      boolean idle = both("mixed-idle", server, server) != null;
      if (inline == null || elsewhere == null || !idle) {
        return Finding.NONE;
      }
      known &= halts != Outcome.UNKNOWN;
      if (halts == Outcome.HOLDS) {
        stalled++;
        restored += Range.of(elsewhere, inline, server, Figure.P99).high() < 1.0 / 5 ? 1 : 0;
      }
      figures.add(
          String.format(
              Locale.ROOT,
              "%s: p99 %s, inline %s",
              title(server),
              time(elsewhere.median(server, Figure.P99)),
              time(inline.median(server, Figure.P99))));
    }
    return new Finding(
        restored < stalled
            ? Outcome.FAILS
            : !known ? Outcome.UNKNOWN : stalled == 0 ? Outcome.DEPENDS : Outcome.HOLDS,
        String.join("; ", figures));
  }

  Finding handsOff(String multi, String loop) {
    List<String> figures = new ArrayList<>();
    boolean dearer = true;
    boolean decided = true;
    Outcome open = Outcome.UNDECIDED;
    for (String server : List.of(multi, loop)) {
      Found inline = both("inline", server, server);
      Found handedOff = both("hand-off", server, server);
      if (inline == null || handedOff == null) {
        return Finding.NONE;
      }
      Range ratio = Range.of(handedOff, inline, server, Figure.CPU);
      if (Double.isNaN(ratio.low())) {
        return Finding.NONE;
      }
      dearer &= ratio.low() > 1;
      boolean isDecided = ratio.low() > 1 || ratio.high() < 1;
      decided &= isDecided;
      open = isDecided || open == Outcome.UNKNOWN ? open : ratio.open();
      figures.add(
          String.format(
              Locale.ROOT,
              "%s: %.1f us CPU, inline %.1f; median latency %s, inline %s",
              title(server),
              handedOff.median(server, Figure.CPU),
              inline.median(server, Figure.CPU),
              time(handedOff.median(server, Figure.P50)),
              time(inline.median(server, Figure.P50))));
    }
    return new Finding(
        dearer ? Outcome.HOLDS : decided ? Outcome.FAILS : open, String.join("; ", figures));
  }

  Finding memory(String multi, String loop) {
    double ofMulti = IdleMemory.kilobytesPerConnection(results, multi);
    double ofLoop = IdleMemory.kilobytesPerConnection(results, loop);
    if (Double.isNaN(ofMulti) || Double.isNaN(ofLoop)) {
      return Finding.NONE;
    }
    double noise = IdleMemory.noise(results, multi) + IdleMemory.noise(results, loop);
    return new Finding(
        Math.abs(ofMulti - ofLoop) <= noise
            ? Ratio.open(ofMulti - noise, ofMulti + noise)
            : ofMulti < ofLoop ? Outcome.HOLDS : Outcome.FAILS,
        String.format(
            Locale.ROOT, "%s %.1f KB, %s %.1f KB", title(multi), ofMulti, title(loop), ofLoop));
  }

  // ---- words

  private @Nullable Found both(String scenario, String one, String other) {
    Found found = results.found(scenario);
    return found != null && found.rounds().containsKey(one) && found.rounds().containsKey(other)
        ? found
        : null;
  }

  private String title(String server) {
    return results.contenders().getOrDefault(server, server);
  }

  private String words(Found found, String server, Figure figure, String unit) {
    double value = found.median(server, figure);
    return title(server)
        + " "
        + String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value)
        + unit;
  }

  private static String time(double micros) {
    return micros < 1000
        ? String.format(Locale.ROOT, "%.0f us", micros)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1000);
  }
}
