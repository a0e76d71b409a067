// A monitor belongs to a thread; the method may go on on another one.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SynchronizedBlock {
  static CompletableFuture<String> run(Source s) {
    synchronized (s) {
      String held =
          await(s.of("held")); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
      return s.of(held);
    }
  }

  static CompletableFuture<String> outside(Source s) {
    synchronized (s) {
      s.log("fine");
    }
    return s.of(await(s.of("outside")));
  }
}
