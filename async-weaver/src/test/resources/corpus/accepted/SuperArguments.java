// Awaits among the arguments of a call of a super method, and of this and super chains of calls.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class SuperArguments {
  static class Base {
    String join(String a, long b, Object... rest) {
      return a + b + Arrays.toString(rest);
    }
  }

  static class Derived extends Base {
    @Override
    String join(String a, long b, Object... rest) {
      return "wrong";
    }

    CompletableFuture<String> go(Source s) {
      String r = super.join(await(s.of("a")), 2 + await(s.of(3L)), "x", await(s.of("y")));
      return s.of(r + super.join("z", await(s.of(1L))).length() + super.toString().isEmpty());
    }
  }

  static CompletableFuture<String> run(Source s) {
    return new Derived().go(s);
  }
}
