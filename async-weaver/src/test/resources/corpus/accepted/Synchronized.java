// synchronized blocks without an await inside them, around awaits and in loops; nested ones too.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Synchronized {
  private final Object lock = new Object();
  private int count;

  CompletableFuture<String> go(Source s) {
    synchronized (lock) {
      count++;
    }
    await(s.of(1));
    for (int i = 0; i < 3; i++) {
      synchronized (this) {
        synchronized (lock) {
          if (i == 1) {
            continue;
          }
          count += 10;
        }
      }
      count += await(s.of(i));
      synchronized (lock) {
        count++;
        s.log(Thread.holdsLock(lock));
      }
      s.log(Thread.holdsLock(lock));
    }
    try {
      synchronized (lock) {
        throw new IllegalStateException("in lock");
      }
    } catch (IllegalStateException e) {
      await(s.of(2));
      s.log(Thread.holdsLock(lock) + e.getMessage());
    }
    synchronized (lock) {
      return s.of("count " + count);
    }
  }

  static CompletableFuture<String> run(Source s) {
    return new Synchronized().go(s);
  }
}
