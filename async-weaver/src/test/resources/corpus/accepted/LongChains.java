// Method chains, builders and optional pipelines around awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class LongChains {
  static CompletableFuture<String> run(Source s) {
    StringBuilder b =
        new StringBuilder()
            .append(await(s.of("a")))
            .append(await(s.of(1)) + 1)
            .append(await(s.of("cd")), 0, await(s.of(1)))
            .append(await(s.of(9L)).longValue());
    String joined =
        String.join(
            await(s.of("-")),
            List.of(await(s.of("x")), new StringBuilder(await(s.of("yz"))).reverse().toString()));
    return s.of(b.toString() + joined + Optional.of(await(s.of(4))).map(n -> n * 2).get());
  }
}
