// Methods whose names collide with those that the weaver would give to their bodies.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ReservedNames {
  final Source source;

  ReservedNames(Source source) {
    this.source = source;
  }

  CompletableFuture<String> get() {
    return source.of(await(source.of("instance")) + source.hashCode() % 1);
  }

  static CompletableFuture<String> get$ReservedNames(Source s) {
    return s.of(await(s.of("static")));
  }

  String lambda$async$get$ReservedNames$2() {
    return "own";
  }

  static CompletableFuture<String> run(Source s) {
    ReservedNames names = new ReservedNames(s);
    return s.of(
        await(names.get())
            + await(get$ReservedNames(s))
            + names.lambda$async$get$ReservedNames$2());
  }
}
