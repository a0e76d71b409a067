// The await of a cancelled future throws CancellationException, which is caught like any other.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class AwaitsCancelled {
  static CompletableFuture<String> run(Source s) {
    String seen = "";
    try {
      seen = await(s.<String>cancelled());
    } catch (CancellationException e) {
      seen = "cancelled";
    } finally {
      seen += " " + await(s.of("finally"));
    }
    await(s.<Integer>cancelled());
    return CompletableFuture.completedFuture(seen);
  }
}
