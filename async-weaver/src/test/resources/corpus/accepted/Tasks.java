// Weft tasks, and two methods that await the same one.
// racy
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Tasks {
  static dev.weft.Task<String> wait(Source s, dev.weft.Task<String> shared, String name) {
    return dev.weft.Async.done(name + await(shared));
  }

  static CompletableFuture<String> run(Source s) {
    dev.weft.Task<String> shared = s.task("!");
    dev.weft.Task<String> a = wait(s, shared, "a");
    dev.weft.Task<String> b = wait(s, shared, "b");
    dev.weft.Task<String> c = wait(s, s.task("?"), "c");
    return s.of(await(b) + await(a) + await(c) + await(shared));
  }
}
