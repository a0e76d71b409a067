// instanceof patterns whose variables live across awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class InstanceofPatterns {
  static CompletableFuture<String> describe(Source s, Object o) {
    if (o instanceof String t && t.length() > await(s.of(1))) {
      return s.of("string " + t + await(s.of("!")) + t.length());
    } else if (await(s.of(o)) instanceof Integer i && i > 3) {
      int twice = i * await(s.of(2));
      return s.of("int " + i + twice);
    }
    if (!(o instanceof CharSequence c)) {
      return s.of("other");
    }
    await(s.of(1));
    return s.of("chars " + c.length());
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(describe(s, "text")) + await(describe(s, 5)) + await(describe(s, 2)) + await(describe(s, "x")));
  }
}
