// The result of an await is dropped: one slot, two slots, null.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Ignored {
  static CompletableFuture<String> run(Source s) {
    await(s.of(1));
    await(s.of(2L));
    await(s.of((Object) null));
    long unused = await(s.of(3L));
    return CompletableFuture.completedFuture("done");
  }
}
