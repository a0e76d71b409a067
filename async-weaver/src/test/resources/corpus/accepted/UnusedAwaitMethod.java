// A class with an await method of its own.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class UnusedAwaitMethod {
  static String await(String own) {
    return "own " + own;
  }

  static CompletableFuture<String> run(Source s) {
    String r = await("x") + dev.weft.Async.await(s.of("weft"));
    return s.of(r + await(dev.weft.Async.await(s.of("y"))));
  }
}
