// Locals that hold null, or nothing but null, across an await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class NullLocals {
  static CompletableFuture<String> run(Source s) {
    String a = null;
    int[] b = null;
    Object c = null;
    await(s.of(1));
    if (c == null) {
      a = "a";
    }
    await(s.of(2));
    String d = a == null ? null : a + await(s.of("d"));
    return CompletableFuture.completedFuture(a + b + c + d);
  }
}
