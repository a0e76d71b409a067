// A close() of a class's own is closeAsync() in an async method, and itself elsewhere, as super.close(), and where a class closes itself.
// expected: super own itself closing -> awaited
package shapes;

import static dev.weft.Async.await;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ClosesItsOwnWay {
  static class Res implements AsyncCloseable {
    final Source s;

    Res(Source s) {
      this.s = s;
    }

    @Override
    public Task<Void> closeAsync() {
      s.log("closing");
      return s.task(null);
    }

    @Override
    public void close() {
      s.log("own");
    }
  }

  static final class Sub extends Res {
    Sub(Source s) {
      super(s);
    }

    CompletableFuture<String> up() {
      s.log("super");
      super.close();
      return s.of("super");
    }
  }

  /** Its closeAsync() is written by means of its close(). */
  static final class ByClose implements AsyncCloseable {
    final Source s;

    ByClose(Source s) {
      this.s = s;
    }

    @Override
    public Task<Void> closeAsync() {
      close();
      return s.task(null);
    }

    @Override
    public void close() {
      s.log("itself");
    }
  }

  static CompletableFuture<String> run(Source s) {
    await(new Sub(s).up());
    try (ByClose byClose = new ByClose(s)) {
      await(s.of("x"));
    }
    try (Res res = new Res(s)) {
      return s.of("awaited");
    }
  }
}
