// What an async method may end with: a complete future, one that is not complete yet, the await's own future.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Returns {
  static CompletableFuture<String> complete(Source s) {
    return CompletableFuture.completedFuture(await(s.of("complete")));
  }

  static CompletableFuture<String> unfinished(Source s) {
    await(s.of(1));
    return s.of("unfinished");
  }

  static CompletableFuture<String> same(Source s) {
    CompletableFuture<String> future = s.of("same");
    await(future);
    return future;
  }

  static CompletableFuture<String> derived(Source s) {
    int n = await(s.of(4));
    return s.of(n).thenApply(m -> "derived " + (n + m));
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(complete(s)));
    s.log(await(unfinished(s)));
    s.log(await(same(s)));
    return derived(s);
  }
}
