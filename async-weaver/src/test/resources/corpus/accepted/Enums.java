// Enums with async methods, also in the bodies of their constants.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Enums {
  enum Op {
    ADD("+") {
      @Override
      CompletableFuture<Integer> apply(Source s, int a, int b) {
        return s.of(a + await(s.of(b)));
      }
    },
    TWICE("*2") {
      private final int factor = 2;

      @Override
      CompletableFuture<Integer> apply(Source s, int a, int b) {
        int sum = await(ADD.apply(s, a, b));
        return s.of(sum * await(s.of(factor)));
      }
    };

    final String symbol;

    Op(String symbol) {
      this.symbol = symbol;
    }

    abstract CompletableFuture<Integer> apply(Source s, int a, int b);

    CompletableFuture<String> show(Source s) {
      return s.of(symbol + await(apply(s, ordinal(), await(s.of(10)))));
    }

    static CompletableFuture<Op> find(Source s, String symbol) {
      for (Op op : values()) {
        if (op.symbol.equals(await(s.of(symbol)))) {
          return s.of(op);
        }
      }
      throw new IllegalArgumentException(symbol);
    }
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (Op op : Op.values()) {
      r += await(op.show(s)) + " ";
    }
    s.log(r + await(Op.find(s, "*2")));
    return s.of("" + await(Op.find(s, "/")));
  }
}
