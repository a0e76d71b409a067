// assert statements among awaits, and awaiting ones.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Asserts {
  static CompletableFuture<String> run(Source s) {
    int n = await(s.of(1));
    assert n == 1 : "n is " + n;
    assert await(s.of(true)) : await(s.of("message"));
    assert n > 0;
    return s.of("n" + n);
  }
}
