// Code after an endless loop with returns inside, and constant conditions.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class DeadCode {
  static final boolean DEBUG = false;

  static CompletableFuture<String> run(Source s) {
    int n = 0;
    while (true) {
      if (DEBUG) {
        s.log(await(s.of("never")));
      }
      try {
        n += await(s.of(1));
        if (n > 3) {
          return s.of("returned " + n);
        }
        if (n == 2) {
          continue;
        }
      } finally {
        s.log("f" + n);
      }
    }
  }
}
