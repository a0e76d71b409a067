// A half evaluated expression whose await throws into a handler.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class StackInTry {
  static int count;

  static int next() {
    return ++count;
  }

  static CompletableFuture<String> run(Source s) {
    count = 0;
    int value = -1;
    try {
      value = next() + 10 * next() + await(s.<Integer>fail(new RuntimeException("in expression")));
    } catch (RuntimeException e) {
      s.log(e.getMessage() + value + next());
    }
    try {
      value = next() * await(s.of(2)) + Integer.parseInt(await(s.of("x")));
    } catch (NumberFormatException e) {
      value += await(s.of(100));
    }
    return CompletableFuture.completedFuture("" + value);
  }
}
