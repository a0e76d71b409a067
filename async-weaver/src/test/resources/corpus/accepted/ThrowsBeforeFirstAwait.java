// A method that throws before its first await gives its caller a failed future, as one that throws later does.
// expected: called called -> java.lang.IllegalStateException: early java.lang.IllegalStateException: late
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ThrowsBeforeFirstAwait {
  static CompletableFuture<String> early(boolean fail, Source s) {
    if (fail) {
      throw new IllegalStateException("early");
    }
    return CompletableFuture.completedFuture(await(s.of("no")));
  }

  static CompletableFuture<String> late(boolean fail, Source s) {
    String value = await(s.of("no"));
    if (fail) {
      throw new IllegalStateException("late");
    }
    return CompletableFuture.completedFuture(value);
  }

  static CompletableFuture<String> run(Source s) {
    String seen = "";
    CompletableFuture<String> first = early(true, s);
    s.log("called");
    try {
      await(first);
    } catch (IllegalStateException e) {
      seen += e;
    }
    CompletableFuture<String> second = late(true, s);
    s.log("called");
    try {
      await(second);
    } catch (IllegalStateException e) {
      seen += " " + e;
    }
    return CompletableFuture.completedFuture(seen);
  }
}
