// Records, enums, interfaces and classes declared inside an async method.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class LocalTypes {
  static CompletableFuture<String> run(Source s) {
    record Pair(String a, int b) {}
    enum Level {
      LOW,
      HIGH
    }
    interface Maker {
      CompletableFuture<Pair> make(String a);
    }
    int base = await(s.of(3));
    class Counter {
      int n = base;

      CompletableFuture<Integer> next() {
        n += await(s.of(1));
        return s.of(n);
      }
    }
    Counter counter = new Counter();
    Maker maker = a -> s.of(new Pair(a, await(counter.next())));
    Pair first = await(maker.make("x"));
    Pair second = await(maker.make(first.a() + "y"));
    Level level = second.b() > await(s.of(4)) ? Level.HIGH : Level.LOW;
    return s.of(first + " " + second + " " + level);
  }
}
