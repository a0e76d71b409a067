// close() of an AsyncCloseable is an await: try-with-resources in all of javac's shapes, and by hand.
package shapes;

import static dev.weft.Async.await;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ClosesByAwaiting {
  static class Res implements AsyncCloseable {
    final Source s;
    final String name;
    final Throwable failure;

    Res(Source s, String name, Throwable failure) {
      this.s = s;
      this.name = s.log(name);
      this.failure = failure;
    }

    @Override
    public Task<Void> closeAsync() {
      String end = await(s.of("closing " + name));
      s.log(end);
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      return dev.weft.Async.done();
    }
  }

  static final class Own extends Res {
    Own(Source s) {
      super(s, "own", null);
    }

    @Override
    public void close() {
      s.log("not called in an async method");
    }
  }

  /** No await of its own. */
  static CompletableFuture<String> only(Source s) {
    try (Res res = new Res(s, "only", null)) {
      s.log("in " + res.name);
    }
    return CompletableFuture.completedFuture("only");
  }

  static CompletableFuture<String> maybeNull(Source s, Res res) {
    try (res;
        AsyncCloseable other = res == null ? new Res(s, "other", null) : null) {
      return s.of("null " + (res == null));
    }
  }

  static CompletableFuture<String> suppressing(Source s) {
    try (Res first = new Res(s, "first", new RuntimeException("f"));
        Res second = new Res(s, "second", new RuntimeException("g"))) {
      throw new IllegalArgumentException(await(s.of("body")));
    } catch (IllegalArgumentException e) {
      return s.of(e.getMessage() + e.getSuppressed().length + e.getSuppressed()[0].getMessage());
    }
  }

  static CompletableFuture<String> failing(Source s) {
    try (Res res = new Res(s, "failing", new RuntimeException("f"))) {
      s.log(await(s.of("fine")));
    } catch (IllegalStateException e) {
      return s.of("caught " + e.getCause().getMessage());
    } finally {
      s.log("finally");
    }
    return s.of("not reached");
  }

  static CompletableFuture<String> byHand(Source s) {
    Res res = new Res(s, "hand", null);
    for (int i = 0; i < 2; i++) {
      res.close();
    }
    return s.of("hand");
  }

  /** Also of what closes its stream in the loop. */
  static CompletableFuture<String> leaving(Source s) {
    for (int i = 0; ; i++) {
      try (Res res = new Res(s, "loop" + i, null)) {
        if (i == 1) {
          continue;
        }
        if (i == 2) {
          break;
        }
      }
    }
    return s.of("left");
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(only(s))
            + await(maybeNull(s, null))
            + await(maybeNull(s, new Res(s, "given", null)))
            + await(suppressing(s))
            + await(failing(s))
            + await(byHand(s))
            + await(leaving(s)));
  }
}
