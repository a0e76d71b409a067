// spawn, sleep, yieldNow and spawnBlocking of the API are awaited like anything else.
// expected: blocked -> spawned 42 slept yielded
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Spawned {
  static CompletableFuture<String> run(Source s) {
    int n = await(dev.weft.Async.spawn(() -> s.of(await(s.of(40)) + 2)));
    await(dev.weft.Async.sleep(java.time.Duration.ofMillis(1)));
    await(dev.weft.Async.yieldNow());
    s.log(await(dev.weft.Async.spawnBlocking(() -> "blocked")));
    return s.of("spawned " + n + " slept yielded");
  }
}
