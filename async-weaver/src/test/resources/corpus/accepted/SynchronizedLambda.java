// A lambda that awaits is made inside a synchronized block; it is called outside of it.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class SynchronizedLambda {
  static CompletableFuture<String> run(Source s) {
    Object lock = new Object();
    Supplier<CompletableFuture<String>> made;
    synchronized (lock) {
      made = () -> s.of(await(s.of("outside ")) + Thread.holdsLock(lock));
    }
    return s.of(await(made.get()) + await(s.of("!")));
  }
}
