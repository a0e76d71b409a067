// An await inside an await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Chained {
  static CompletableFuture<CompletableFuture<Integer>> nest(Source s, int n) {
    await(s.of(0));
    return s.of(s.of(n));
  }

  static CompletableFuture<String> run(Source s) {
    int a = await(await(s.of(s.of(1))));
    int b = await(await(nest(s, 2)));
    int c = await(s.of(await(s.of(await(s.of(3))))));
    return CompletableFuture.completedFuture(a + b + c + "");
  }
}
