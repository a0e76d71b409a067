// Operands are evaluated from left to right, once each, however often the method suspends in between.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class StackOrder {
  static int count;

  static int tick(Source s, int weight) {
    s.log("tick" + weight);
    return ++count * weight;
  }

  static CompletableFuture<String> run(Source s) {
    count = 0;
    int a = tick(s, 1) + await(s.of(tick(s, 10))) * tick(s, 100) - await(s.of(tick(s, 1000)));
    int[] cells = new int[10];
    cells[tick(s, 1) - 4] = await(s.of(tick(s, 2))) + cells[tick(s, 1) - 7]--;
    String t = "" + tick(s, 3) + await(s.of(tick(s, 4))) + tick(s, 5);
    boolean b = tick(s, 6) > await(s.of(0)) && await(s.of(tick(s, 7))) < 0 || tick(s, 8) == 0;
    return s.of(a + Arrays.toString(cells) + t + b);
  }
}
