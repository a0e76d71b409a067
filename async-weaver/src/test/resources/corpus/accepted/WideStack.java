// Longs, doubles, ints and references lie on the operand stack while an await suspends.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class WideStack {
  static String join(int a, long b, String c, double d, Object e, float f, long g) {
    return a + "," + b + "," + c + "," + d + "," + e + "," + f + "," + g;
  }

  static CompletableFuture<String> run(Source s) {
    long l = 5;
    double d = 2.5;
    long sum = l * 3 + await(s.of(7L)) * (l - await(s.of(2L)));
    double mix = d / 2 + await(s.of(4.0)) - l * await(s.of(1.5));
    s.log(sum);
    s.log(mix);
    return CompletableFuture.completedFuture(
        join(1, await(s.of(2L)), "c", await(s.of(4.5)), await(s.of("e")), 6f, l + await(s.of(8L))));
  }
}
