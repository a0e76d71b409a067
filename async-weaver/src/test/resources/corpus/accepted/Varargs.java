// Varargs methods, awaiting and awaited, with awaits among the variable arguments.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class Varargs {
  @SafeVarargs
  static <T> CompletableFuture<List<T>> all(Source s, CompletableFuture<T>... futures) {
    List<T> results = new ArrayList<>();
    for (CompletableFuture<T> future : futures) {
      results.add(await(future));
    }
    await(s.of(futures.length));
    return CompletableFuture.completedFuture(results);
  }

  static String join(String first, Object... rest) {
    return first + Arrays.toString(rest);
  }

  static CompletableFuture<String> sum(Source s, long start, int... more) {
    for (int n : more) {
      start += n * await(s.of(10L));
    }
    return CompletableFuture.completedFuture("" + start);
  }

  static CompletableFuture<String> run(Source s) {
    String a = join("a", await(s.of(1)), "b", await(s.of(2L)));
    String b = await(all(s, s.of("x"), s.of("y"))).toString() + await(all(s));
    return CompletableFuture.completedFuture(
        a + b + await(sum(s, 5, 1, await(s.of(2)), 3)) + String.format("%s-%s", await(s.of("f")), 1));
  }
}
