// Awaits in the headers and bodies of for, while and do.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Loops {
  static CompletableFuture<String> run(Source s) {
    StringBuilder r = new StringBuilder();
    for (int i = await(s.of(0)); i < await(s.of(3)); i += await(s.of(1))) {
      r.append(i).append(await(s.of("f")));
    }
    int n = 3;
    while (await(s.of(n)) > 0) {
      n--;
      if (await(s.of(n)) == 1) {
        continue;
      }
      r.append("w").append(n);
    }
    do {
      r.append("d").append(await(s.of(n)));
    } while (await(s.of(++n)) < 3);
    for (int i = 0, j = 10; i < j; i += 2, j -= await(s.of(2))) {
      r.append(i * j);
    }
    return CompletableFuture.completedFuture(r.toString());
  }
}
