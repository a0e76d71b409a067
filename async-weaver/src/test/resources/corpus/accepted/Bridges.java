// Bridge methods: covariant returns and generic interfaces.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Bridges {
  interface Handler<A, R> {
    CompletionStage<R> handle(Source s, A a);
  }

  static class Upper implements Handler<String, String> {
    @Override
    public CompletableFuture<String> handle(Source s, String a) {
      return s.of(await(s.of(a)).toUpperCase());
    }
  }

  static class Louder extends Upper {
    @Override
    public dev.weft.Task<String> handle(Source s, String a) {
      String up = await(super.handle(s, a));
      return s.task(up + await(s.of("!")));
    }
  }

  static abstract class Shape<T extends Shape<T>> {
    abstract CompletionStage<T> grow(Source s);
  }

  static class Blob extends Shape<Blob> {
    int size = 1;

    @Override
    CompletableFuture<Blob> grow(Source s) {
      size += await(s.of(2));
      return s.of(this);
    }
  }

  static CompletableFuture<String> run(Source s) {
    Handler<String, String> a = new Upper();
    Handler<String, String> b = new Louder();
    Shape<Blob> shape = new Blob();
    return CompletableFuture.completedFuture(
        await(a.handle(s, "a")) + await(b.handle(s, "b")) + await(await(shape.grow(s)).grow(s)).size);
  }
}
