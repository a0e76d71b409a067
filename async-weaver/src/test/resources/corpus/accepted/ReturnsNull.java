// An async method that returns null instead of a future: awaiting it is a NullPointerException.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ReturnsNull {
  static CompletableFuture<String> nothing(Source s) {
    s.log(await(s.of("in nothing")));
    return null;
  }

  static CompletableFuture<String> run(Source s) {
    try {
      await(nothing(s));
    } catch (NullPointerException e) {
      s.log("NullPointerException");
    }
    return s.of("end");
  }
}
