// await is not a function that could be handed around.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class MethodReference {
  static CompletableFuture<String> run(Source s) {
    Function<CompletionStage<String>, String> f = dev.weft.Async::await; // refused: await as a method reference: only a direct call can be woven. Write an async method that awaits its parameter, and refer to that
    Object o =
        List.of(s.of("x")).stream()
            .map(dev.weft.Async::await) // refused: await as a method reference: only a direct call can be woven. Write an async method that awaits its parameter, and refer to that
            .toList();
    return s.of(f.apply(s.of("x")) + o);
  }
}
