// A local that is assigned on one path only, or after the await only.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Unassigned {
  static CompletableFuture<String> go(Source s, boolean assign) {
    String late;
    int number;
    long wide;
    if (assign) {
      late = "early";
      number = 1;
      wide = 2;
      await(s.of(1));
      s.log(late + number + wide);
    } else {
      await(s.of(2));
    }
    await(s.of(3));
    late = "late";
    number = await(s.of(4));
    wide = await(s.of(5L));
    return CompletableFuture.completedFuture(late + number + wide);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(await(go(s, true)) + await(go(s, false)));
  }
}
