package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.List;

/** What an idle connection adds to a server's memory: 5,050 of them against 50. */
final class IdleMemory {
  private static final String FEW = "idle-50";
  private static final String MANY = "idle-5050";
  private static final int BETWEEN = 5000;

  private IdleMemory() {}

  /** Not a number if it was not measured. */
  static double kilobytesPerConnection(Results results, String server) {
    Found few = results.found(FEW);
    Found many = results.found(MANY);
    if (few == null || many == null || !many.rounds().containsKey(server)) {
      return Double.NaN;
    }
    return (many.median(server, Figure.MEMORY) - few.median(server, Figure.MEMORY)) * 1e3 / BETWEEN;
  }

  /** Half the distance from the smallest round to the largest, in the same unit. */
  static double noise(Results results, String server) {
    double noise = 0;
    for (String scenario : List.of(FEW, MANY)) {
      Found found = results.found(scenario);
      if (found != null) {
        noise += found.spread(server, Figure.MEMORY) * found.median(server, Figure.MEMORY);
      }
    }
    return noise * 1e3 / BETWEEN;
  }
}
