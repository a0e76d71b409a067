// Calls that are under way at the same time, awaited afterwards in another order.
// racy
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Concurrent {
  static CompletableFuture<Integer> part(Source s, CompletableFuture<Integer> value, int n) {
    int got = await(value);
    return CompletableFuture.completedFuture(got * 10 + n);
  }

  static CompletableFuture<String> run(Source s) {
    CompletableFuture<Integer> one = s.of(1);
    CompletableFuture<Integer> two = s.of(2);
    CompletableFuture<Integer> a = part(s, one, 1);
    CompletableFuture<Integer> b = part(s, two, 2);
    CompletableFuture<Integer> c = part(s, one, 3);
    await(CompletableFuture.allOf(a, b, c));
    return CompletableFuture.completedFuture("" + await(c) + await(b) + await(a) + await(one));
  }
}
