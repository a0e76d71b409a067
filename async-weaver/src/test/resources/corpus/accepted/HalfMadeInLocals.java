// A switch expression with a try among the arguments of new: javac moves the half-made object to a local.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class HalfMadeInLocals {
  record Cell(Object first, Object second, Object third) {}

  static int number(Source s, int x) throws Exception {
    return x;
  }

  static CompletableFuture<Object> make(Source s, int kind) {
    return s.of(
        new Cell(
            await(s.of("before" + kind)),
            switch (kind) {
              case 0 -> {
                try {
                  yield await(s.of(number(s, 10)));
                } catch (Exception e) {
                  yield e.getMessage();
                }
              }
              case 1 -> {
                try {
                  yield new Cell(kind, await(s.of("inner")), null);
                } finally {
                  await(s.of("finally"));
                }
              }
              default -> await(s.of("other"));
            },
            await(s.of("after"))));
  }

  static CompletableFuture<Object> run(Source s) {
    String all = "";
    for (int kind = 0; kind < 3; kind++) {
      all += await(make(s, kind));
    }
    return s.of(all);
  }
}
