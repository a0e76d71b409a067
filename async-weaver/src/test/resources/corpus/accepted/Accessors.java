// Async methods that use private members of other nest mates.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Accessors {
  private int secret = 7;

  private static String hidden(int n) {
    return "hidden" + n;
  }

  static class Mate {
    private String own = "own";

    private CompletableFuture<String> peek(Source s, Accessors a) {
      a.secret += await(s.of(1));
      return s.of(hidden(a.secret) + own + await(s.of("!")));
    }
  }

  static CompletableFuture<String> run(Source s) {
    Mate mate = new Mate();
    String r = await(mate.peek(s, new Accessors()));
    mate.own = await(s.of("changed"));
    return s.of(r + await(mate.peek(s, new Accessors())));
  }
}
