// Nested record patterns in switch and instanceof, with awaits among them.
// release: 21
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class RecordPatterns {
  sealed interface Expr permits Num, Add, Mul {}

  record Num(int n) implements Expr {}

  record Add(Expr left, Expr right) implements Expr {}

  record Mul(Expr left, Expr right) implements Expr {}

  static CompletableFuture<Integer> eval(Source s, Expr e) {
    return switch (e) {
      case Num(int n) -> s.of(n + await(s.of(0)));
      case Add(Num(var a), Num(var b)) -> s.of(await(s.of(a)) + b);
      case Add(var l, var r) -> s.of(await(eval(s, l)) + await(eval(s, r)));
      case Mul(Expr l, Num(int n)) when n == await(s.of(0)) -> s.of(0);
      case Mul(Expr l, Expr r) -> {
        int left = await(eval(s, l));
        yield s.of(left * await(eval(s, r)));
      }
    };
  }

  static CompletableFuture<String> run(Source s) {
    Expr e = new Add(new Mul(new Num(3), new Add(new Num(1), new Num(2))), new Mul(new Num(9), new Num(0)));
    int value = await(eval(s, e));
    if (e instanceof Add(Mul(var l, var r), Mul m) && await(s.of(true))) {
      value += await(eval(s, l)) + await(eval(s, r)) + await(eval(s, m));
    }
    return CompletableFuture.completedFuture("" + value);
  }
}
