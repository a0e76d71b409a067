// A ternary with an await on one side, among the arguments of new.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ConstructorTernary {
  static class Pair {
    final Object a;
    final Object b;

    Pair(Object a, Object b) {
      this.a = a;
      this.b = b;
    }

    @Override
    public String toString() {
      return "(" + a + "," + b + ")";
    }
  }

  static CompletableFuture<Pair> make(Source s, boolean first) {
    Pair pair = new Pair(first ? await(s.of("awaited")) : "plain", first ? "plain" : await(s.of("awaited")));
    return CompletableFuture.completedFuture(new Pair(pair, new Pair(1, first && await(s.of(true)))));
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(await(make(s, true)) + " " + await(make(s, false)));
  }
}
