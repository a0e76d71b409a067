// A failure that went through dependent stages is thrown as itself, without its CompletionException.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class UnwrapsCompletionException {
  static CompletableFuture<String> run(Source s) {
    CompletableFuture<Integer> failed = s.fail(new ArithmeticException("root"));
    CompletableFuture<String> derived = failed.thenApply(n -> "n" + n).thenApply(t -> t + t);
    try {
      await(derived);
    } catch (ArithmeticException e) {
      s.log("caught " + e.getMessage() + " " + (e.getCause() == null));
    }
    try {
      await(s.fail(new CompletionException("no cause", null)));
    } catch (CompletionException e) {
      s.log("bare " + e.getMessage());
    }
    return derived;
  }
}
