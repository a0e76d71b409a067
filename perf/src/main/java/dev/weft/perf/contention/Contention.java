package dev.weft.perf.contention;

import java.util.List;
import java.util.Locale;

/**
 * Prints what the scheduler's protocols cost with 2, 4, 8 and 64 workers, by a model, and what they
 * would cost if one thing were different. {@code perf/run contention [SEED]}
 *
 * <p><b>Question:</b> what grows with the number of workers?
 *
 * <p><b>What would change the answer:</b> what a transfer costs, see {@link Costs}; several
 * sockets, between which it costs three times as much; tasks that take longer than {@link
 * Costs#WORK}.
 *
 * <p><b>What it does not show:</b> times of this or that machine. The memory of tasks beyond one
 * line each, the garbage collector, I/O, timers, the monitor and the operating system's scheduler
 * are not in it.
 */
public final class Contention {
  static final long SEED = 1;
  private static final int[] WORKERS = {2, 4, 8, 64};

  /** Some designs beside each other, for some workloads. */
  private record Comparison(String question, List<Design> designs, List<Workload> workloads) {}

  private static final List<Comparison> COMPARISONS =
      List.of(
          new Comparison(
              "The lists of live tasks",
              List.of(Design.WEFT, Design.ONE_SHARD, Design.ONE_LIST),
              List.of(Workload.ONE_SPAWNS_NOTHING, Workload.EACH_SPAWNS)),
          new Comparison(
              "The LIFO slot",
              List.of(Design.WEFT, Design.STEALABLE, Design.STEALABLE_AND_WOKEN),
              List.of(Workload.PAIRS, Workload.CHAINS, Workload.REQUESTS)),
          new Comparison(
              "The search",
              List.of(
                  Design.WEFT, Design.ALL_SEARCH, Design.TWO_SEARCH, Design.LOOKS_BEFORE_WAKING),
              List.of(Workload.ONE_SPAWNS, Workload.OUTSIDE, Workload.REQUESTS)),
          new Comparison(
              "The injection queue",
              List.of(Design.WEFT, Design.INJECTION_APART),
              List.of(Workload.OUTSIDE)));

  private Contention() {}

  /** The argument is a seed; 1 if there is none. */
  public static void main(String... args) {
    long seed = SEED;
    try {
      seed = args.length == 0 ? SEED : Long.parseLong(args[0]);
    } catch (NumberFormatException e) {
      System.err.println("The seed is to be a whole number, not '" + args[0] + "'.");
      System.exit(2);
    }
    System.out.print(tables(seed, WORKERS));
  }

  /** All of it, for so many workers. */
  static String tables(long seed, int... workers) {
    StringBuilder text = new StringBuilder();
    text.append("Per task or message; a poll has ")
        .append(Costs.WORK)
        .append(" ns of its own work; seed ")
        .append(seed);
    text.append("; ns is the time of all divided by their number.\n\n");
    table(text, seed, workers);
    for (Comparison comparison : COMPARISONS) {
      compare(text, comparison, seed, workers);
    }
    return text.toString();
  }

  private static void table(StringBuilder text, long seed, int... counts) {
    text.append(
        "| workload | workers | ns | awake ns | atomics | fences | transfers | of them searching |"
            + " stolen | steals | woken | vain searches |\n"
            + "|---".repeat(12)
            + "|\n");
    for (Workload workload : Workload.values()) {
      for (int workers : counts) {
        Tally tally = workload.run(workers, Design.WEFT, seed);
        row(text, workload.title, workers, tally);
      }
    }
  }

  private static void row(StringBuilder text, String title, int workers, Tally tally) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f | %.3f | %.4f | %.4f | %.4f |%n",
            title,
            workers,
            tally.perUnit(tally.nanos),
            tally.perUnit(tally.awake),
            tally.perUnit(tally.atomics),
            tally.perUnit(tally.fences),
            tally.perUnit(tally.transfers),
            tally.perUnit(tally.searchTransfers),
            tally.perUnit(tally.stolenFrames),
            tally.perUnit(tally.steals),
            tally.perUnit(tally.wakes),
            tally.perUnit(tally.failedSearches)));
  }

  private static void compare(StringBuilder text, Comparison comparison, long seed, int... counts) {
    text.append("\n").append(comparison.question);
    text.append(": ns, awake ns, transfers, wake-ups\n\n| workload | design |");
    for (int workers : counts) {
      text.append(" ").append(workers).append(" workers |");
    }
    text.append("\n|---|---|").append("---|".repeat(counts.length)).append("\n");
    for (Workload workload : comparison.workloads) {
      for (Design design : comparison.designs) {
        text.append("| ").append(workload.title).append(" | ").append(design.name()).append(" |");
        for (int workers : counts) {
          Tally tally = workload.run(workers, design, seed);
          text.append(
              String.format(
                  Locale.ROOT,
                  " %.0f, %.0f, %.1f, %.2f |",
                  tally.perUnit(tally.nanos),
                  tally.perUnit(tally.awake),
                  tally.perUnit(tally.transfers),
                  tally.perUnit(tally.wakes)));
        }
        text.append("\n");
      }
    }
  }
}
