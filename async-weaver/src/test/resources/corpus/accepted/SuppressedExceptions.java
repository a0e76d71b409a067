// The body's exception comes out of try-with-resources with the close's suppressed in it.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SuppressedExceptions {
  static class Res implements AutoCloseable {
    final String name;

    Res(String name) {
      this.name = name;
    }

    @Override
    public void close() throws java.io.IOException {
      throw new java.io.IOException("close " + name);
    }
  }

  static CompletableFuture<String> run(Source s) throws Exception {
    try (Res only = new Res("only")) {
      await(s.of(1));
    } catch (java.io.IOException e) {
      s.log(e.getMessage() + await(s.of(2)));
    }
    try (Res outer = new Res("outer");
        Res inner = new Res(await(s.of("inner")))) {
      await(s.fail(new IllegalStateException("body")));
    }
    return s.of("unreachable");
  }
}
