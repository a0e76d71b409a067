// return inside try, with a finally that awaits, and one that returns itself.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ReturnInTry {
  static CompletableFuture<String> plain(Source s) {
    String value = "a";
    try {
      value += await(s.of("b"));
      return CompletableFuture.completedFuture(value);
    } finally {
      value += "lost";
      s.log("plain " + await(s.of("finally")));
    }
  }

  @SuppressWarnings("finally")
  static CompletableFuture<String> overriding(Source s) {
    try {
      await(s.fail(new RuntimeException("dropped")));
      return s.of("no");
    } finally {
      return s.of("finally " + await(s.of("wins")));
    }
  }

  static CompletableFuture<String> awaited(Source s) {
    try {
      return s.of(await(s.of("awaited in return")));
    } catch (Exception e) {
      return s.of("caught " + e.getMessage() + await(s.of("!")));
    } finally {
      await(s.of(1));
    }
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(await(plain(s)) + await(overriding(s)) + await(awaited(s)));
  }
}
