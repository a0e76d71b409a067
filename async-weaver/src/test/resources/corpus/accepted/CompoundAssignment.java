// a[i()] += await(..), field += await(..), on every kind of variable.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class CompoundAssignment {
  static int calls;
  static long total = 10;
  int field = 3;
  String text = "t";
  Integer boxed = 5;

  static int index(Source s) {
    s.log("index");
    return calls++ % 3;
  }

  CompletableFuture<String> go(Source s) {
    int[] a = {1, 2, 3};
    long[] l = {1, 2, 3};
    double[] d = {1, 2, 3};
    String[] t = {"a", "b", "c"};
    int local = 4;
    a[index(s)] += await(s.of(10));
    l[index(s)] -= await(s.of(20L));
    d[index(s)] *= await(s.of(1.5));
    t[index(s)] += await(s.of("+"));
    a[await(s.of(2))] <<= await(s.of(2));
    local += await(s.of(6));
    local *= local + await(s.of(1));
    field += await(s.of(4)) + field;
    this.text += await(s.of("u")) + text;
    boxed += await(s.of(1));
    total += await(s.of(5L));
    total = total++ + await(s.of(1L)) + ++total;
    return CompletableFuture.completedFuture(
        Arrays.toString(a) + Arrays.toString(l) + Arrays.toString(d) + Arrays.toString(t)
            + local + field + text + boxed + total);
  }

  static CompletableFuture<String> run(Source s) {
    calls = 0;
    total = 10;
    return new CompoundAssignment().go(s);
  }
}
