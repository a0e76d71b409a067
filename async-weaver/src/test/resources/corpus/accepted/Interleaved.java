// More than 128 awaits in a row, ready and not, which also spends the coop budget.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Interleaved {
  static CompletableFuture<String> run(Source s) {
    long sum = 0;
    for (int i = 0; i < 300; i++) {
      sum += await(s.of(i)) * 2L;
    }
    return s.of("" + sum);
  }
}
