// A deep expression: many operands of every kind wait for their await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class DeepStack {
  static int pick(int a, int b, int c, int d, int e, int f, int g, int h) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
  }

  static CompletableFuture<String> run(Source s) {
    int x = 1;
    int r =
        x + (2 * (x + (3 - (x + (4 * (x + (5 - (x + (6 + (x * (7 - await(s.of(3)))))))))))));
    int p =
        pick(
            1,
            pick(1, 2, pick(1, 2, 3, await(s.of(4)), 5, 6, 7, 8), 4, await(s.of(5)), 6, 7, 8),
            3,
            4,
            await(s.of(5)),
            pick(1, 2, 3, 4, 5, 6, 7, await(s.of(8))),
            7,
            8);
    return CompletableFuture.completedFuture(r + " " + p);
  }
}
