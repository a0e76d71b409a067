// Static and not.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SynchronizedMethod {
  synchronized CompletableFuture<String> member(Source s) {
    return s.of(await(s.of("x"))); // error: [WEFT008] await in a synchronized method: its monitor cannot be held while it is suspended. Synchronize only the parts between the awaits, or take a dev.weft.sync.AsyncMutex
  }

  static synchronized CompletableFuture<String> shared(Source s) {
    await(s.of(1)); // error: [WEFT008] await in a synchronized method: its monitor cannot be held while it is suspended. Synchronize only the parts between the awaits, or take a dev.weft.sync.AsyncMutex
    return s.of("x");
  }
}
