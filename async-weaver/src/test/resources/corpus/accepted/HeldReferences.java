// Objects of private, local and array types are saved in the frame under their own type.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class HeldReferences {
  private static class Hidden {
    int n = 4;
  }

  protected interface Face {
    int look();
  }

  static CompletableFuture<String> run(Source s) {
    Hidden hidden = new Hidden();
    Hidden[] several = {hidden, new Hidden()};
    Hidden[][] more = {several};
    Face face = () -> 5;
    Runnable noop = () -> {};
    await(s.of(1));
    hidden.n++;
    noop.run();
    return s.of("" + several[0].n + more[0][1].n + face.look() + await(s.of(several)).length);
  }
}
