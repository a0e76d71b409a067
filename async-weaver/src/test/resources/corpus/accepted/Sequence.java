// Awaits one after the other, with locals that live across them.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Sequence {
  static CompletableFuture<String> run(Source s) {
    int a = await(s.of(1));
    long b = await(s.of(2L));
    String c = await(s.of("three"));
    return CompletableFuture.completedFuture(a + " " + b + " " + c);
  }
}
