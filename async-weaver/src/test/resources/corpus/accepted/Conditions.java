// Awaits in conditions with && || ! and comparisons.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Conditions {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    if (await(s.of(true)) && !await(s.of(false))) {
      r += "a";
    }
    if (await(s.of(false)) || await(s.of(1)) > 0 && await(s.of("x")).equals("x")) {
      r += "b";
    }
    if (!(await(s.of(1L)) < 2 || await(s.of(true)))) {
      r += "c";
    } else if (await(s.of((Object) null)) == null) {
      r += "d";
    }
    boolean value = await(s.of(3)) == 3 & await(s.of(true)) | await(s.of(false)) ^ true;
    return CompletableFuture.completedFuture(r + value + (await(s.of(1.0)) >= 1 ? "e" : "f"));
  }
}
