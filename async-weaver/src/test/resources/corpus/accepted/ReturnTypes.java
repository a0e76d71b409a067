// CompletionStage, Task and subclasses of CompletableFuture as declared return types.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ReturnTypes {
  public static class Named<T> extends CompletableFuture<T> {
    public Named() {}

    String name() {
      return "named";
    }
  }

  static CompletionStage<String> stage(Source s) {
    return s.of("stage" + await(s.of(1)));
  }

  static dev.weft.Task<String> task(Source s) {
    int n = await(s.of(2));
    return s.task("task" + n);
  }

  static Named<String> named(Source s) {
    String text = await(s.of("n"));
    Named<String> named = new Named<>();
    named.complete(text + await(s.of(3)));
    return named;
  }

  interface Names {
    Source source();

    default Named<Long> length(String text) {
      long n = text.length() + await(source().of(1L));
      Named<Long> named = new Named<>();
      named.complete(n);
      return named;
    }
  }

  static <T extends CompletableFuture<String>> CompletionStage<? super String> wild(Source s, T future) {
    return s.of(await(future) + await(s.of("wild")));
  }

  static CompletableFuture<String> run(Source s) {
    Named<String> named = named(s);
    Names names = () -> s;
    return CompletableFuture.completedFuture(
        await(stage(s)) + await(task(s)) + named.name() + await(named) + await(names.length("four"))
            + await(wild(s, s.of("x"))));
  }
}
