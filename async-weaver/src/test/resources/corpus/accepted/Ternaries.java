// Awaits in all three places of ternaries, nested, of mixed types.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Ternaries {
  static CompletableFuture<String> run(Source s) {
    Object o = await(s.of(true)) ? await(s.of("yes")) : await(s.of(0));
    long l = await(s.of(false)) ? await(s.of(1)) : await(s.of(2L));
    Number n = l > 1 ? (Number) await(s.of(3)) : (Number) await(s.of(4.0));
    String t = "" + (l == 2 ? (await(s.of(1)) == 1 ? await(s.of("in")) : "x") + "ner" : "outer");
    Comparable<?> c = await(s.of(true)) ? await(s.of("comparable")) : Integer.valueOf(1);
    return CompletableFuture.completedFuture(o + " " + l + " " + n + " " + t + " " + c);
  }
}
