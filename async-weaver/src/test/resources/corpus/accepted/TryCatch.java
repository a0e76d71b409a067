// Awaits in try, in catch and in finally, caught and not.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class TryCatch {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    try {
      r += await(s.of("try "));
      await(s.fail(new IllegalStateException("first")));
      r += "unreachable";
    } catch (IllegalStateException e) {
      r += e.getMessage() + await(s.of(" catch "));
      r += e.getMessage().length();
    } finally {
      r += await(s.of(" finally "));
    }
    try {
      s.log(r);
      await(s.fail(new IllegalArgumentException("second")));
    } finally {
      s.log(await(s.of("in finally")));
    }
    return CompletableFuture.completedFuture(r);
  }
}
