// A condition, a switch expression and a short circuit among the arguments of new.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ConstructorConditions {
  static class Three {
    final String all;

    Three(Object a, boolean b, int c) {
      all = a + "," + b + "," + c;
    }
  }

  static CompletableFuture<String> go(Source s, int n) {
    Three three =
        new Three(
            new Three(n > 1 ? await(s.of("x")) : await(s.of(5)), n > 2, n).all,
            n > 0 && await(s.of(n)) > 1 || await(s.of(false)),
            switch (n) {
              case 1 -> await(s.of(10));
              case 2 -> 20;
              default -> {
                int m = await(s.of(30));
                yield m + n;
              }
            });
    return s.of(three.all);
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(go(s, 1)) + " " + await(go(s, 2)) + " " + await(go(s, 3)));
  }
}
