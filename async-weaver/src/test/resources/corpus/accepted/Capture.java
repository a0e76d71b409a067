// The receiver and captured variables stay what they were, whatever thread goes on.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Capture {
  final String id;
  int state = 1;

  Capture(String id) {
    this.id = id;
  }

  CompletableFuture<String> go(Source s, Capture other) {
    Capture self = this;
    state += await(other.bump(s));
    other.state += await(bump(s));
    return s.of(id + state + other.id + other.state + (self == this) + await(s.of("")));
  }

  CompletableFuture<Integer> bump(Source s) {
    return s.of(state++ + await(s.of(1)) + state);
  }

  static CompletableFuture<String> run(Source s) {
    Capture a = new Capture("a");
    return s.of(await(a.go(s, new Capture("b"))) + await(a.go(s, a)));
  }
}
