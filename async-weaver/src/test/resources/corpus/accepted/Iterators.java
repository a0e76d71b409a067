// An iterator and a queue live across awaits; a worklist loop.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class Iterators {
  static CompletableFuture<String> run(Source s) {
    Deque<Integer> work = new ArrayDeque<>(List.of(3));
    StringBuilder seen = new StringBuilder();
    for (Integer n; (n = work.poll()) != null; ) {
      seen.append(await(s.of(n)));
      for (int i = 1; i < n; i++) {
        work.add(await(s.of(i)));
      }
    }
    Iterator<String> it = List.of("a", "b").iterator();
    while (it.hasNext()) {
      seen.append(it.next()).append(await(s.of(it.hasNext())));
    }
    return s.of(seen.toString());
  }
}
