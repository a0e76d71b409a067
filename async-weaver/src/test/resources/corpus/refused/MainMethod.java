// The way in from main is blockOn.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class MainMethod {
  public static void main(String[] args) {
    Source s = null;
    await(s.of(1)); // refused: await in main, which cannot be suspended: move the code to an async method and call AsyncExecutor.blockOn(() -> thatMethod())
  }

  static void main(int other) {
    Source s = null;
    await(s.of(1)); // refused: await in a method that returns void: only a method that returns a CompletableFuture, a CompletionStage or a Task can be suspended. Return one of these
  }
}
