// The one simple synchronized block with an await in it that EA Async gets right.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaSynchronized {
  final Object lock = new Object();

  CompletableFuture<String> go(Source s) {
    String r = "before ";
    synchronized (lock) {
      r += Thread.holdsLock(lock);
      r += await(s.of(" inside "));
      r += Thread.holdsLock(lock);
    }
    return CompletableFuture.completedFuture(r + Thread.holdsLock(lock));
  }

  static CompletableFuture<String> run(Source s) {
    return new EaSynchronized().go(s);
  }
}
