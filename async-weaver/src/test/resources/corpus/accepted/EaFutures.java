// EA's await takes a type of future of its own.
// no faults
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaFutures {
  static class Special<T> extends CompletableFuture<T> {}

  static CompletableFuture<String> run(Source s) {
    Special<Integer> special = new Special<>();
    s.of(5).thenAccept(special::complete);
    int n = await(special);
    CompletionStage<String> stage = s.plain("stage");
    return CompletableFuture.completedFuture(n + await(stage) + await(s.task("task")));
  }
}
