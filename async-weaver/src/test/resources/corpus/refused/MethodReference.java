// await is not a function that could be handed around.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class MethodReference {
  static CompletableFuture<String> run(Source s) {
    Function<CompletionStage<String>, String> f = dev.weft.Async::await; // error: [WEFT001] await as a method reference: only a direct call can be woven. Write an async method that awaits its parameter, and refer to that
    BiFunction<Integer, CompletionStage<String>, String> g = (n, x) -> "no await";
    Supplier<Function<CompletionStage<String>, String>> h = () -> dev.weft.Async::await; // error: [WEFT001] await as a method reference: only a direct call can be woven. Write an async method that awaits its parameter, and refer to that
    return s.of(f.apply(s.of("x")) + g.apply(1, s.of("y")) + h.get().apply(s.of("z")));
  }
}
