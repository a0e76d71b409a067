// A dense and a sparse switch with an await in each of many cases.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class LargeSwitch {
  static CompletableFuture<String> go(Source s, int n) {
    String r = "";
    switch (n) {
      case 0:
        r = await(s.of("c0"));
      case 1:
        r = await(s.of("c1"));
        break;
      case 2:
        r = await(s.of("c2"));
        break;
      case 3:
        r = await(s.of("c3"));
        break;
      case 4:
        r = await(s.of("c4"));
        break;
      case 5:
        r = await(s.of("c5"));
        break;
      case 6:
        r = await(s.of("c6"));
        break;
      case 7:
        r = await(s.of("c7"));
      case 8:
        r = await(s.of("c8"));
        break;
      case 9:
        r = await(s.of("c9"));
        break;
      case 10:
        r = await(s.of("c10"));
        break;
      case 11:
        r = await(s.of("c11"));
        break;
      case 12:
        r = await(s.of("c12"));
        break;
      case 13:
        r = await(s.of("c13"));
        break;
      case 14:
        r = await(s.of("c14"));
      case 15:
        r = await(s.of("c15"));
        break;
      case 16:
        r = await(s.of("c16"));
        break;
      case 17:
        r = await(s.of("c17"));
        break;
      case 18:
        r = await(s.of("c18"));
        break;
      case 19:
        r = await(s.of("c19"));
        break;
      case 20:
        r = await(s.of("c20"));
        break;
      case 21:
        r = await(s.of("c21"));
      case 22:
        r = await(s.of("c22"));
        break;
      case 23:
        r = await(s.of("c23"));
        break;
      case 24:
        r = await(s.of("c24"));
        break;
      case 25:
        r = await(s.of("c25"));
        break;
      case 26:
        r = await(s.of("c26"));
        break;
      case 27:
        r = await(s.of("c27"));
        break;
      case 28:
        r = await(s.of("c28"));
      case 29:
        r = await(s.of("c29"));
        break;
      default:
        r = await(s.of("none"));
    }
    switch (n * 1000) {
      case -5000:
        r += await(s.of("negative"));
        break;
      case 7000:
        r += await(s.of("seven thousand"));
        break;
      case Integer.MAX_VALUE:
        r += "max";
        break;
    }
    return s.of(r);
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(go(s, 0)) + await(go(s, 7)) + await(go(s, 29)) + await(go(s, -5)));
  }
}
