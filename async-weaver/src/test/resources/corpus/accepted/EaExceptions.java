// com.ea.async.Async keeps EA's semantics: a CompletionException comes out of await.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaExceptions {
  static CompletableFuture<String> run(Source s) {
    try {
      await(s.fail(new IllegalStateException("failed")));
    } catch (CompletionException e) {
      s.log(e.getClass().getSimpleName() + " around " + e.getCause().getMessage());
    }
    try {
      await(s.cancelled());
    } catch (CancellationException e) {
      s.log("cancelled");
    }
    return CompletableFuture.completedFuture(await(s.of("end")));
  }
}
