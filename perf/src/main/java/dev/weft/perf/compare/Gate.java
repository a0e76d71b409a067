package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares this build with another one, pair by pair, and tells whether this one is slower beyond
 * the noise: the interval of its ratio lies above 1 as a whole, and the ratio above 1.05. Less than
 * that, the place of the code in memory may be to blame as well.
 */
final class Gate {
  /** The other build. */
  static final String BEFORE = "before";

  /** With fewer, everything passes as noise. */
  static final int LEAST_ROUNDS = 3;

  private static final double TOLERATED = 1.05;
  private static final List<String> SERVERS = List.of("weft-epoll", "weft-nio");

  private Gate() {}

  /** This build's server and the other's, on epoll or else on NIO. */
  static List<Contender> contenders(List<Contender> all, Path jar) {
    Contender now = weft(all);
    Contender before = servedBy(all, jar, BEFORE);
    return List.of(
        new Contender(BEFORE, now.title() + ", the other build", before.command(), null),
        new Contender("now", now.title() + ", this build", now.command(), null));
  }

  /** Weft's server out of another build's jar, on epoll or else on NIO. */
  static Contender servedBy(List<Contender> all, Path jar, String name) {
    Contender weft = weft(all);
    List<String> command = new ArrayList<>(weft.command());
    command.set(command.indexOf("-cp") + 1, jar.toString());
    return new Contender(name, weft.title() + ", " + name, List.copyOf(command), null);
  }

  private static Contender weft(List<Contender> all) {
    return all.stream()
        .filter(contender -> SERVERS.contains(contender.name()) && contender.missing() == null)
        .findFirst()
        .orElseThrow();
  }

  /** Tells what was found; true if this build passes. */
  static boolean judge(Results results, PrintStream out) {
    boolean passes = !results.scenarios().isEmpty();
    for (Found found : results.scenarios()) {
      for (Figure figure : List.of(Figure.CPU, Figure.THROUGHPUT)) {
        Ratio ratio = found.ratio("now", BEFORE, figure);
        boolean slower = figure == Figure.CPU ? isAbove(ratio) : isAbove(ratio.inverse());
        passes &= !slower;
        out.printf(
            "gate: %-14s %-12s now / before %-30s %s%n",
            found.scenario(), figure.title, ratio, slower ? "SLOWER" : word(ratio));
      }
    }
    return passes;
  }

  /** Noise passes: a machine that does other things as well has no say. But it is no proof. */
  private static String word(Ratio ratio) {
    return !ratio.isDifferent() && ratio.isWide() ? "passes, as nothing was measured" : "passes";
  }

  private static boolean isAbove(Ratio ratio) {
    return ratio.low() > 1 && ratio.median() > TOLERATED;
  }
}
