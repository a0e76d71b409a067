// Overridden async methods that call super, private ones of the same name, overloads.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Overriding {
  static class Base {
    CompletableFuture<String> go(Source s, String a) {
      return s.of("base " + a + await(s.of("1")) + await(hidden(s)));
    }

    private CompletableFuture<String> hidden(Source s) {
      return s.of("hidden in base" + await(s.of("")));
    }

    CompletableFuture<String> go(Source s, int a) {
      return s.of("int " + await(s.of(a)));
    }

    CompletableFuture<String> go(Source s, long a, Integer b) {
      return s.of("long " + await(s.of(a)) + b);
    }

    static CompletableFuture<String> go(Source s) {
      return s.of("static" + await(s.of("!")));
    }
  }

  static class Derived extends Base {
    @Override
    CompletableFuture<String> go(Source s, String a) {
      String before = await(s.of("before "));
      String up = await(super.go(s, a + await(s.of("d"))));
      return s.of(before + up + await(hidden(s)));
    }

    private CompletableFuture<String> hidden(Source s) {
      await(s.of(1));
      return s.of(" hidden in derived");
    }

    @Override
    CompletableFuture<String> go(Source s, int a) {
      return super.go(s, await(s.of(a)) + 1);
    }
  }

  static class Third extends Derived {
    @Override
    CompletableFuture<String> go(Source s, String a) {
      return super.go(s, await(s.of(a)));
    }
  }

  static CompletableFuture<String> run(Source s) {
    Base b = new Third();
    return CompletableFuture.completedFuture(
        await(b.go(s, "x")) + await(b.go(s, 1)) + await(b.go(s, 1L, 2)) + await(Base.go(s)));
  }
}
