// A method with many parameters of all kinds, static and not.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ManyParameters {
  String own = "own";

  CompletableFuture<String> many(
      Source s, boolean a, byte b, short c, char d, int e, long f, float g, double h, String i, int[] j,
      Object[][] k, List<String> l, long m, double n, long o, double p, Runnable q, Object r, int t, long u) {
    await(s.of(1));
    String result = "" + a + b + c + d + e + f + g + h + i + j.length + k.length + l + m + n + o + p;
    await(s.of(2));
    q.run();
    return s.of(result + r + t + u + own);
  }

  static CompletableFuture<String> run(Source s) {
    return new ManyParameters()
        .many(
            s, true, (byte) 1, (short) 2, '3', await(s.of(4)), 5, 6, 7, "8", new int[9], new Object[1][0],
            List.of("l"), 10, 11, await(s.of(12L)), 13, () -> s.log("ran"), null, 14, 15);
  }
}
