// throw new E(await(..)), and an exception made from a half evaluated expression.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ThrowNew {
  static CompletableFuture<String> inner(Source s, int n) {
    if (n > 1) {
      throw new IllegalStateException("n is " + n + await(s.of("!")), new RuntimeException(await(s.of("cause"))));
    }
    return CompletableFuture.completedFuture(await(s.of("fine")));
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(inner(s, 1)));
    return inner(s, 2);
  }
}
