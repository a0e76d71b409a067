// Lambdas inside lambdas, each with awaits, capturing from every level.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class NestedLambdas {
  CompletableFuture<String> go(Source s, String outer) {
    String local = await(s.of("local"));
    Function<String, Function<Integer, CompletableFuture<String>>> make =
        a -> {
          String upper = a.toUpperCase();
          return n -> {
            Supplier<CompletableFuture<String>> innermost =
                () -> s.of(outer + local + upper + n + await(s.of("deep")) + hashless());
            return s.of(await(innermost.get()) + await(s.of(n)));
          };
        };
    Function<Integer, CompletableFuture<String>> made = make.apply(await(s.of("x")));
    return s.of(await(made.apply(1)) + await(made.apply(2)));
  }

  String hashless() {
    return "this";
  }

  static CompletableFuture<String> run(Source s) {
    return new NestedLambdas().go(s, "outer");
  }
}
