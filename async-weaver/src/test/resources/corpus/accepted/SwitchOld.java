// switch statements on int, string, enum and char, with awaits in selector and cases, falling through.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SwitchOld {
  enum Kind {
    A,
    B,
    C
  }

  static CompletableFuture<String> go(Source s, int n, String t, Kind k) {
    String r = "";
    switch (await(s.of(n))) {
      case 1:
        r += await(s.of("one"));
      case 2:
        r += "two" + await(s.of(2));
        break;
      case 1000:
        r += "thousand";
        break;
      default:
        r += await(s.of("default"));
    }
    switch (await(s.of(t))) {
      case "Aa":
        r += "Aa" + await(s.of(1));
        break;
      case "BB":
        int inside = await(s.of(5));
        r += "BB" + inside;
        break;
      default:
        return s.of(r + "returned");
    }
    switch (k) {
      case A:
        r += await(s.of("A"));
        break;
      case B:
        for (int i = 0; i < 3; i++) {
          switch (await(s.of(i))) {
            case 1:
              continue;
            default:
              r += i;
          }
        }
        break;
      default:
        r += "C";
    }
    switch (await(s.of(t.charAt(0)))) {
      case 'A':
        r += "char A";
        break;
      default:
    }
    return CompletableFuture.completedFuture(r);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(go(s, 1, "Aa", Kind.A)) + " " + await(go(s, 1000, "BB", Kind.B)) + " " + await(go(s, 7, "C", Kind.C)));
  }
}
