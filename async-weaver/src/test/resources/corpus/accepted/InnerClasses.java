// Inner, local and anonymous classes that capture, each with async methods.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class InnerClasses {
  private String field = "field";

  class Inner {
    private int n = 1;

    CompletableFuture<String> go(Source s) {
      n += await(s.of(2));
      field += await(s.of("+"));
      return s.of(InnerClasses.this.field + n);
    }

    class Innermost {
      CompletableFuture<String> go(Source s) {
        return s.of(field + n++ + await(s.of("deep")) + n);
      }
    }
  }

  abstract static class Base {
    abstract CompletableFuture<String> go(Source s);
  }

  CompletableFuture<String> all(Source s) {
    int captured = await(s.of(5));
    String text = "cap";
    class Local extends Base {
      final int own;

      Local(int own) {
        this.own = own;
      }

      @Override
      CompletableFuture<String> go(Source s) {
        return s.of("local" + captured + own + await(s.of(text)) + field);
      }
    }
    Base anonymous =
        new Base() {
          int calls;

          @Override
          CompletableFuture<String> go(Source s) {
            calls++;
            return s.of("anon" + await(s.of(captured)) + calls + text + field);
          }
        };
    Inner inner = new Inner();
    String r = await(inner.go(s)) + await(inner.new Innermost().go(s));
    return s.of(r + await(new Local(await(s.of(6))).go(s)) + await(anonymous.go(s)) + await(anonymous.go(s)));
  }

  static CompletableFuture<String> run(Source s) {
    return new InnerClasses().all(s);
  }
}
