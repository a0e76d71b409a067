// break, continue and return through finally blocks that await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class FinallyFlow {
  static CompletableFuture<String> go(Source s, int n) {
    String r = "";
    loop:
    for (int i = 0; i < 5; i++) {
      try {
        try {
          if (i == 1) {
            continue loop;
          }
          if (i == n) {
            break loop;
          }
          if (i == 3) {
            return s.of(r + "returned");
          }
          r += await(s.of("b" + i));
        } finally {
          r += "f" + await(s.of(i));
        }
      } finally {
        s.log(await(s.of(r)));
      }
    }
    return s.of(r + "broke");
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(go(s, 2)) + await(go(s, 9)));
  }
}
