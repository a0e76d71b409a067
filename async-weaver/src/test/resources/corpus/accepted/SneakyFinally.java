// A finally that runs once on every way out: normal, exception before, at and after the await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SneakyFinally {
  static CompletableFuture<String> go(Source s, int when) {
    int[] runs = {0};
    try {
      if (when == 0) {
        throw new IllegalStateException("before");
      }
      await(s.of(1));
      if (when == 1) {
        await(s.fail(new IllegalStateException("at")));
      }
      if (when == 2) {
        throw new IllegalStateException("after");
      }
      return s.of("normal");
    } finally {
      runs[0]++;
      s.log("finally " + runs[0] + await(s.of(when)));
      runs[0]++;
    }
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (int i = 0; i < 4; i++) {
      try {
        r += await(go(s, i));
      } catch (IllegalStateException e) { // warning: [WEFT045] catch (IllegalStateException) takes the CancellationException that the await in line 35 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        r += e.getMessage() + " ";
      }
    }
    return s.of(r);
  }
}
