// Local variable type inference, with types that cannot be written down.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class Var {
  static CompletableFuture<String> run(Source s) {
    var n = await(s.of(1));
    var list = new ArrayList<Map<String, ? extends Number>>();
    list.add(Map.of("k", await(s.of(2))));
    var anonymous =
        new Object() {
          int hits = 0;

          CompletableFuture<Integer> hit() {
            hits += await(s.of(1));
            return s.of(hits);
          }
        };
    for (var each : list) {
      n += each.get("k").intValue() + await(anonymous.hit());
    }
    var mixed = await(s.of(true)) ? 1 : "one";
    await(anonymous.hit());
    return s.of(n + " " + anonymous.hits + mixed);
  }
}
