// The declared type's only constructor is private, and its class a nestmate.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class PrivateFuture {
  private static class Promise<T> extends CompletableFuture<T> {}

  private static Promise<String> promised(Source s) {
    Promise<String> p = new Promise<>();
    p.complete(await(s.of("kept")));
    return p;
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(promised(s)) + await(promised(s)));
  }
}
