// Longs and doubles in locals, live in handlers, with slots that shift between the paths.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class WideLocalsInHandlers {
  static CompletableFuture<String> go(Source s, boolean wide) {
    String r = "";
    try {
      if (wide) {
        long l = await(s.of(5L));
        double d = l / await(s.of(2.0));
        r += l + d;
        if (await(s.fail(new IllegalStateException("wide"))) == null) {
          r += d;
        }
      } else {
        int i = await(s.of(1));
        String t = "t" + await(s.of(i));
        Object o = t;
        r += o;
        await(s.fail(new IllegalStateException(t)));
      }
    } catch (IllegalStateException e) {
      long inHandler = await(s.of(7L));
      r += e.getMessage() + inHandler;
    }
    double after = await(s.of(1.25));
    return s.of(r + after);
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(go(s, true)) + await(go(s, false)));
  }
}
