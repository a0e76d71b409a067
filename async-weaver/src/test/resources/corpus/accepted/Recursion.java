// Recursive async methods: down, up, with two branches, and in tail position.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Recursion {
  static CompletableFuture<Integer> fib(Source s, int n) {
    if (n < 2) {
      return s.of(n);
    }
    return s.of(await(fib(s, n - 1)) + await(fib(s, n - 2)));
  }

  static CompletableFuture<String> tail(Source s, int n, String r) {
    if (n == 0) {
      return s.of(r);
    }
    return tail(s, n - 1, r + await(s.of(n)));
  }

  static CompletableFuture<Boolean> even(Source s, int n) {
    return n == 0 ? s.of(true) : odd(s, n - await(s.of(1)));
  }

  static CompletableFuture<Boolean> odd(Source s, int n) {
    if (n == 0) {
      return s.of(false);
    }
    boolean r = await(even(s, n - 1));
    return s.of(r);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        "" + await(fib(s, 6)) + await(tail(s, 5, "t")) + await(even(s, 9)) + await(odd(s, 7)));
  }
}
