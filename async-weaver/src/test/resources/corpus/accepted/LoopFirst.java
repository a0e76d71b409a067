// A method that starts with the head of a loop.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class LoopFirst {
  static CompletableFuture<String> forever(Source s, int[] count) {
    for (; ; ) {
      if (await(s.of(count[0]++)) == 3) {
        return CompletableFuture.completedFuture("for" + count[0]);
      }
    }
  }

  static CompletableFuture<String> whileTrue(Source s, int n) {
    while (true) {
      await(s.of(n));
      if (--n < 0) {
        return s.of("while");
      }
    }
  }

  static CompletableFuture<String> doLoop(Source s, int n) {
    do {
      s.log(await(s.of(n)));
    } while (n-- > 0);
    return CompletableFuture.completedFuture("do");
  }

  static CompletableFuture<Integer> endless(Source s) {
    for (; ; ) await(s.of(1));
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(forever(s, new int[1])) + await(whileTrue(s, 2)) + await(doLoop(s, 2)));
  }
}
