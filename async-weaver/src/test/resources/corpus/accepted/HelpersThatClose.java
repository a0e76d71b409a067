// Private methods whose only await is the close() of an AsyncCloseable: in all of javac's shapes, by hand, through others, failing.
package shapes;

import static dev.weft.Async.await;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class HelpersThatClose {
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
      s.log(await(s.of("closing " + name)));
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      return dev.weft.Async.done();
    }
  }

  private static void inBlock(Source s) {
    try (Res res = new Res(s, "block", null)) {
      s.log("in " + res.name);
    }
    s.log("behind block");
  }

  private static long byHand(Res res, long l) {
    res.close();
    return l + res.s.log(1);
  }

  private static String[] maybeNull(Source s, Res res) {
    try (res;
        AsyncCloseable other = res == null ? new Res(s, "other", null) : null) {
      return new String[] {"null " + (res == null)};
    }
  }

  private static int suppressing(Source s) {
    try (Res first = new Res(s, "first", new RuntimeException("f"));
        Res second = new Res(s, "second", new RuntimeException("g"))) {
      throw new IllegalArgumentException("body");
    } catch (IllegalArgumentException e) {
      return e.getSuppressed().length;
    }
  }

  private static void failing(Source s) {
    try (Res res = new Res(s, "failing", new RuntimeException("f"))) {
      s.log("fine");
    } finally {
      s.log("finally");
    }
  }

  /** Awaits and closes nothing itself. */
  private static long between(Source s, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum = byHand(new Res(s, "loop" + i, null), sum);
    }
    return sum;
  }

  /** Awaits as well. */
  private static String both(Source s) {
    String text = await(s.of("both"));
    try (Res res = new Res(s, text, null)) {
      return res.name + byHand(res, 2);
    }
  }

  private Res own;

  private void shut() {
    own.close();
    own = null;
  }

  CompletableFuture<String> member(Source s) {
    own = new Res(s, await(s.of("own")), null);
    shut();
    return s.of("shut " + (own == null));
  }

  /** A class whose async methods have no other await. */
  static class Nothing {
    private static void only(Source s) {
      try (Res res = new Res(s, "only", null)) {
        s.log("in " + res.name);
      }
    }

    static CompletableFuture<String> run(Source s) {
      only(s);
      return CompletableFuture.completedFuture(s.log("after only"));
    }
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(s.of("start"))); // from here on it may be an executor's thread
    inBlock(s);
    s.log("after block");
    String text = byHand(new Res(s, "hand", null), 40) + maybeNull(s, null)[0];
    text += maybeNull(s, new Res(s, "given", null))[0] + suppressing(s) + between(s, 3) + both(s);
    text += await(new HelpersThatClose().member(s)) + await(Nothing.run(s));
    try {
      failing(s);
    } catch (IllegalStateException e) {
      text += "caught " + e.getCause().getMessage();
    }
    return s.of(text);
  }
}
