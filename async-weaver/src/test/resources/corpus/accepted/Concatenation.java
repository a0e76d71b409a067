// String concatenation with awaits among its operands.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Concatenation {
  static CompletableFuture<String> run(Source s) {
    int i = 1;
    long l = 2;
    char c = 'c';
    String nothing = null;
    String r = "a" + await(s.of(1)) + i + await(s.of("b")) + l + c + await(s.of(2.5)) + nothing + "\u0001\u0002";
    r += await(s.of('x')) + i;
    r = r + (r.length() + await(s.of(1)) + "n" + await(s.of((Object) null)));
    return CompletableFuture.completedFuture(r);
  }
}
