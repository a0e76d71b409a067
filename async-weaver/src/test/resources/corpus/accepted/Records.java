// Records with async methods, compact constructors and static factories.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class Records {
  record Range(int from, int to) {
    Range {
      if (from > to) {
        throw new IllegalArgumentException(from + ">" + to);
      }
    }

    Range(int to) {
      this(0, to);
    }

    static CompletableFuture<Range> read(Source s, int n) {
      return s.of(new Range(await(s.of(n)), await(s.of(3))));
    }

    CompletableFuture<Integer> sum(Source s) {
      int sum = 0;
      for (int i = from; i < to; i++) {
        sum += await(s.of(i));
      }
      return s.of(sum);
    }
  }

  record Box<T>(T value) {
    <R> CompletableFuture<Box<R>> map(Source s, Function<T, CompletableFuture<R>> f) {
      return s.of(new Box<>(await(f.apply(value))));
    }
  }

  static CompletableFuture<String> run(Source s) {
    Range range = await(Range.read(s, 1));
    Box<String> box = await(new Box<>(range).map(s, r -> s.of(r + "" + await(s.of("mapped")))));
    s.log(box + " " + await(range.sum(s)) + await(new Range(await(s.of(4))).sum(s)));
    return s.of("" + await(Range.read(s, 9)));
  }
}
