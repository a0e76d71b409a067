// The way in from main is blockOn.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class MainMethod {
  public static void main(String[] args) {
    Source s = null;
    await(s.of(1)); // error: [WEFT004] await in main, which cannot be suspended: move the code to an async method and call AsyncExecutor.blockOn(() -> thatMethod())
  }

  static void main(int other) {
    Source s = null;
    await(s.of(1)); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done()
  }
}
