// switch expressions on int, string and enum, with yield, inside larger expressions.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SwitchExpressions {
  enum Kind {
    A,
    B
  }

  static int eval(int a, int b) {
    return a * 100 + b;
  }

  static CompletableFuture<String> go(Source s, Kind kind, int n, String t) {
    String r =
        "<"
            + switch (kind) {
              case A -> await(s.of("a"));
              case B -> {
                String inner = await(s.of("b"));
                yield inner + await(s.of(inner.length()));
              }
            }
            + ">";
    int v =
        eval(
            n,
            switch (await(s.of(n))) {
              case 0, 1 -> await(s.of(7));
              case 2 -> throw new IllegalStateException("two " + await(s.of("!")));
              default -> {
                try {
                  yield Integer.parseInt(await(s.of(t)));
                } catch (NumberFormatException e) {
                  yield await(s.of(-1));
                } finally {
                  s.log(await(s.of("yielded")));
                }
              }
            });
    long l =
        switch (t) {
          case "x", "y" -> await(s.of(5L));
          case "42" -> 42L + await(s.of(1));
          default -> await(s.of(n)) == 1 ? 1 : 2;
        };
    return s.of(r + v + "," + l);
  }

  static CompletableFuture<String> run(Source s) {
    String r = await(go(s, Kind.A, 1, "x")) + await(go(s, Kind.B, 5, "42")) + await(go(s, Kind.B, 6, "z"));
    s.log(r);
    return go(s, Kind.A, 2, "two");
  }
}
