// For-each over arrays, lists, map entries and enum values.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ForEach {
  enum Color {
    RED,
    GREEN
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (String x : new String[] {"a", "b"}) {
      r += x.length() + x + await(s.of("1")) + x;
    }
    for (long x : new long[] {1, 2}) {
      r += x + await(s.of(x));
    }
    for (Integer x : List.of(3, 4)) {
      r += x + await(s.of(x));
    }
    for (Color color : Color.values()) {
      r += await(s.of(color)).name() + color.ordinal();
    }
    for (Map.Entry<String, Integer> e : new java.util.TreeMap<>(Map.of("k", 1, "l", 2)).entrySet()) {
      r += e.getKey() + await(s.of(e.getValue()));
    }
    for (int[] row : new int[][] {{1, 2}, {3}}) {
      for (int cell : row) {
        r += cell + await(s.of(row.length));
      }
    }
    for (String x : await(s.of(List.of("p", "q")))) {
      r += x;
    }
    return CompletableFuture.completedFuture(r);
  }
}
