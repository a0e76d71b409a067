// Multi-catch, rethrow of what was caught, order of handlers.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class MultiCatch {
  static class First extends RuntimeException {}

  static class Second extends RuntimeException {}

  static CompletableFuture<String> go(Source s, RuntimeException error) {
    String r = "";
    try {
      r += await(s.of("t"));
      await(s.fail(error));
    } catch (First | Second e) {
      r += e.getClass().getSimpleName() + await(s.of("multi"));
      if (e instanceof Second) {
        throw e;
      }
    } catch (RuntimeException e) {
      r += await(s.of("general"));
      throw new IllegalStateException(r, e);
    }
    return CompletableFuture.completedFuture(r);
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(go(s, new First())));
    try {
      await(go(s, new Second()));
    } catch (Second e) {
      s.log("second");
    }
    return go(s, new ArithmeticException("other"));
  }
}
