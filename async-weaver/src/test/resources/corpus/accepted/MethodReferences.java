// Method references to async methods.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class MethodReferences {
  String name = "n";

  CompletableFuture<String> member(Source s) {
    return s.of(name + await(s.of("m")));
  }

  static CompletableFuture<String> fixed(Source s) {
    return s.of(await(s.of("fixed")));
  }

  static CompletableFuture<String> run(Source s) {
    Function<Source, CompletableFuture<String>> a = MethodReferences::fixed;
    Function<Source, CompletableFuture<String>> b = new MethodReferences()::member;
    BiFunction<MethodReferences, Source, CompletableFuture<String>> c = MethodReferences::member;
    return CompletableFuture.completedFuture(
        await(a.apply(s)) + await(b.apply(s)) + await(c.apply(await(s.of(new MethodReferences())), s)));
  }
}
