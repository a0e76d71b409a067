// Lambdas that return futures contain awaits: expression and block bodies, capturing or not.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class Lambdas {
  interface Step {
    CompletionStage<Integer> run(int n) throws Exception;
  }

  static CompletableFuture<String> run(Source s) throws Exception {
    int base = await(s.of(100));
    long wide = await(s.of(5L));
    String text = "t";
    Function<Integer, CompletableFuture<Integer>> plus = n -> s.of(n + await(s.of(1)) + base);
    Supplier<CompletableFuture<String>> supplier =
        () -> {
          String r = text;
          for (int i = 0; i < 2; i++) {
            r += await(s.of(i)) + wide;
          }
          return s.of(r);
        };
    Step step = n -> s.of(await(s.of(n)) * 2);
    Callable<CompletableFuture<String>> failing =
        () -> {
          throw new java.io.IOException("from lambda" + await(s.of("!")));
        };
    s.log(await(plus.apply(2)));
    s.log(await(supplier.get()));
    s.log(await(step.run(4)));
    try {
      await(failing.call());
    } catch (java.io.IOException e) {
      s.log(e.getMessage());
    }
    return s.of("end");
  }
}
