// Futures that the weaver cannot make an instance of, and that nobody has registered an adapter for.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class UnfitFutures {
  abstract static class Abstract<T> extends CompletableFuture<T> {}

  static class Hidden<T> extends CompletableFuture<T> {
    final int n;

    Hidden(int n) {
      this.n = n;
    }
  }

  class Inner<T> extends CompletableFuture<T> {}

  interface Stage<T> extends CompletionStage<T> {}

  static Abstract<String> anAbstract(Source s) {
    await(s.of(1)); // warning: [WEFT043] the async method anAbstract returns shapes.UnfitFutures$Abstract, and no FutureAdapter for that type is in sight: without one it fails when it has to suspend. Name one in META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture
    return null;
  }

  static Hidden<String> hidden(Source s) {
    await(s.of(1)); // warning: [WEFT043] the async method hidden returns shapes.UnfitFutures$Hidden, and no FutureAdapter for that type is in sight: without one it fails when it has to suspend. Name one in META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture
    return new Hidden<>(1);
  }

  static Inner<String> inner(Source s) {
    await(s.of(1)); // warning: [WEFT043] the async method inner returns shapes.UnfitFutures$Inner, and no FutureAdapter for that type is in sight: without one it fails when it has to suspend. Name one in META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture
    return null;
  }

  static Stage<String> stage(Source s) {
    await(s.of(1)); // warning: [WEFT043] the async method stage returns shapes.UnfitFutures$Stage, and no FutureAdapter for that type is in sight: without one it fails when it has to suspend. Name one in META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture
    return null;
  }
}
