// Unnamed variables and patterns.
// release: 22
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class UnnamedVariables {
  record Pair(Object a, Object b) {}

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (var _ : List.of(1, 2)) {
      r += await(s.of("x"));
    }
    try {
      var _ = await(s.of("ignored"));
      await(s.fail(new IllegalStateException()));
    } catch (IllegalStateException _) {
      r += await(s.of("caught"));
    }
    Object o = new Pair(1, "b");
    r +=
        switch (await(s.of(o))) {
          case Pair(Integer _, String b) -> b + await(s.of("!"));
          case Pair(_, _) -> "other";
          default -> "none";
        };
    BiFunction<Integer, Integer, CompletableFuture<Integer>> second = (_, b) -> s.of(await(s.of(b)) + 1);
    return CompletableFuture.completedFuture(r + await(second.apply(1, 2)));
  }
}
