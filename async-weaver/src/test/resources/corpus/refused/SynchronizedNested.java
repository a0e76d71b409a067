// Deeper, conditional, in a loop, in a try, in a handler.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SynchronizedNested {
  static CompletableFuture<String> run(Source s, Object other) {
    for (int i = 0; i < 3; i++) {
      synchronized (s) {
        if (i == 1) {
          continue;
        }
        synchronized (other) {
          try {
            await(s.of(i)); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
          } finally {
            s.log(i);
          }
        }
        while (true) {
          try {
            s.log("x");
            break;
          } catch (RuntimeException e) {
            await(s.of(e)); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
          }
        }
      }
      await(s.of(i));
    }
    return s.of("end");
  }
}
