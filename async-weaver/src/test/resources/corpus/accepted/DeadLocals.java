// Locals that are dead during an await, and alive again afterwards.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class DeadLocals {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    int n = 1;
    StringBuilder b = new StringBuilder("first");
    r += b;
    await(s.of(1));
    b = new StringBuilder("second");
    for (int i = 0; i < 2; i++) {
      n = await(s.of(i));
      String inside = "i" + n;
      r += inside;
      await(s.of(2));
      n = 5;
      b.append(n);
      await(s.of(3));
    }
    return CompletableFuture.completedFuture(r + b);
  }
}
