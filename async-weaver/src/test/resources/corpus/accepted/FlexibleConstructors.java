// Statements before super(..), in a class made inside an async method.
// release: 25
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class FlexibleConstructors {
  static class Base {
    final String name;

    Base(String name) {
      this.name = name + describe();
    }

    String describe() {
      return "base";
    }
  }

  static class Derived extends Base {
    final int n;

    Derived(int n, String name) {
      if (n < 0) {
        throw new IllegalArgumentException("negative " + n);
      }
      this.n = n;
      super(name + n);
    }

    @Override
    String describe() {
      return "derived" + n;
    }

    CompletableFuture<String> go(Source s) {
      return s.of(name + await(s.of(n)) + new Derived(await(s.of(4)), await(s.of("inner"))).name);
    }
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(new Derived(2, await(s.of("d"))).go(s)));
    return new Derived(-await(s.of(1)), "x").go(s);
  }
}
