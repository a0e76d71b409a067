// EA's await in loops, conditions and lambdas.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class EaLoops {
  static CompletableFuture<Integer> sum(Source s, int n) {
    int sum = 0;
    for (int i = 0; i < n && await(s.of(true)); i++) {
      sum += await(s.of(i));
    }
    return CompletableFuture.completedFuture(sum);
  }

  static CompletableFuture<String> run(Source s) {
    Function<Integer, CompletionStage<Integer>> f = n -> s.of(await(sum(s, n)) + 1);
    return CompletableFuture.completedFuture("" + await(f.apply(4)) + await(sum(s, 3)));
  }
}
