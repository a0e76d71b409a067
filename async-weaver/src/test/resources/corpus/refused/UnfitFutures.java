// Subclasses of CompletableFuture that the weaver cannot make an instance of.
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
    await(s.of(1)); // error: [WEFT007] await in a method that returns shapes.UnfitFutures$Abstract: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
    return null;
  }

  static Hidden<String> hidden(Source s) {
    await(s.of(1)); // error: [WEFT007] await in a method that returns shapes.UnfitFutures$Hidden: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
    return new Hidden<>(1);
  }

  static Inner<String> inner(Source s) {
    await(s.of(1)); // error: [WEFT007] await in a method that returns shapes.UnfitFutures$Inner: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
    return null;
  }

  static Stage<String> stage(Source s) {
    await(s.of(1)); // error: [WEFT007] await in a method that returns shapes.UnfitFutures$Stage: only a method that returns a CompletionStage can be suspended. Return a CompletableFuture, a CompletionStage or a Task of it
    return null;
  }
}
