// Awaiting stages that are not CompletableFutures.
// racy
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Stages {
  static CompletionStage<String> copy(Source s) {
    return s.stage(await(s.stage("a")) + "b");
  }

  static CompletableFuture<String> run(Source s) {
    CompletionStage<Integer> stage = s.stage(4);
    int n = await(stage) + await(stage.thenApply(x -> x * 10));
    try {
      await(s.fail(new IllegalStateException("staged")).minimalCompletionStage());
    } catch (IllegalStateException e) {
      n += await(s.stage(e.getMessage().length()));
    }
    return CompletableFuture.completedFuture(n + await(copy(s)));
  }
}
