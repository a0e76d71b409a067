// Labelled break and continue across awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Labels {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    outer:
    for (int i = 0; i < 4; i++) {
      for (int j = 0; ; j++) {
        if (await(s.of(j)) > i) {
          continue outer;
        }
        if (i == 3) {
          break outer;
        }
        block:
        {
          if (await(s.of(i)) == j) {
            break block;
          }
          r += "n";
        }
        r += await(s.of(i)) + "" + j + ";";
      }
    }
    return CompletableFuture.completedFuture(r);
  }
}
