// Checked exceptions, sneaked past the compiler or declared, reach the caller as they are.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ThrowsChecked {
  static CompletableFuture<String> declared(Source s) throws java.io.IOException {
    await(s.of(1));
    throw new java.io.IOException("declared");
  }

  static CompletableFuture<String> run(Source s) {
    try {
      return CompletableFuture.completedFuture(await(declared(s)));
    } catch (Exception e) {
      s.log(e);
    }
    try {
      await(s.fail(new java.io.FileNotFoundException("f")));
    } catch (Exception e) {
      s.log(e.getClass().getSimpleName());
    }
    try {
      await(s.fail(new StackOverflowError("not really")));
    } catch (StackOverflowError e) {
      s.log(e.getMessage());
    }
    return CompletableFuture.completedFuture("end");
  }
}
