// A caught exception is kept in a local across an await and thrown again.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Rethrow {
  static CompletableFuture<String> run(Source s) throws Throwable {
    Throwable kept = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        s.log("attempt " + await(s.of(attempt)));
        await(s.fail(new java.util.NoSuchElementException("attempt " + attempt)));
      } catch (Exception e) { // warning: [WEFT045] catch (Exception) takes the CancellationException that the await in line 14 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        if (kept != null) {
          e.addSuppressed(kept);
        }
        kept = e;
        await(s.of("backoff"));
      }
    }
    throw kept;
  }
}
