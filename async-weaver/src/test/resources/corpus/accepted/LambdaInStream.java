// Futures are started by a stream and awaited outside of it.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class LambdaInStream {
  static CompletableFuture<Integer> twice(Source s, int n) {
    return CompletableFuture.completedFuture(await(CompletableFuture.completedFuture(n)) * 2);
  }

  static CompletableFuture<String> run(Source s) {
    int factor = await(s.of(3));
    List<CompletableFuture<Integer>> started = List.of(1, 2, 3).stream().map(n -> twice(s, n * factor)).toList();
    int sum = 0;
    for (CompletableFuture<Integer> future : started) {
      sum += await(future) + await(s.of(1));
    }
    return CompletableFuture.completedFuture("" + sum);
  }
}
