// EA Async's own await: only one simple synchronized block works.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaNested {
  static CompletableFuture<String> run(Source s, Object other) {
    synchronized (s) {
      synchronized (other) {
        await(s.of(1)); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
      }
    }
    return s.of("end");
  }

  static void nothing(Source s) {
    await(s.of(1)); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done()
  }
}
