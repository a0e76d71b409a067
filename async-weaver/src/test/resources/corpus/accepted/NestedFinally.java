// try/finally inside catch inside finally, with an await at each level.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class NestedFinally {
  static CompletableFuture<String> go(Source s, int fail) {
    String r = "";
    try {
      try {
        r += await(s.of("1"));
        if (fail == 1) {
          throw new IllegalStateException("one");
        }
      } finally {
        try {
          r += await(s.of("2"));
          if (fail == 2) {
            await(s.fail(new IllegalArgumentException("two")));
          }
        } catch (IllegalArgumentException e) {
          try {
            r += e.getMessage() + await(s.of("3"));
            if (fail == 3) {
              throw new UnsupportedOperationException("three");
            }
          } finally {
            r += await(s.of("4"));
          }
        } finally {
          r += await(s.of("5"));
          for (int i = 0; i < 2; i++) {
            try {
              if (i == 1) {
                break;
              }
            } finally {
              r += "l" + await(s.of(i));
            }
          }
        }
      }
    } catch (IllegalStateException e) {
      r += "outer " + e.getMessage() + await(s.of("6"));
    } finally {
      s.log(r + await(s.of("7")));
    }
    return CompletableFuture.completedFuture(r);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(go(s, 0)) + " " + await(go(s, 1)) + " " + await(go(s, 2)) + " " + await(go(s, 3)));
  }
}
