// A call on the result of an await, a field of it, an element of it.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Receiver {
  static class Box {
    String label = "label";
    int[] cells = {1, 2, 3};

    Box again(int n) {
      label += n;
      return this;
    }
  }

  static CompletableFuture<String> run(Source s) {
    String upper = await(s.of("lower")).toUpperCase();
    int length = await(s.of("four")).length();
    String label = await(s.of(new Box())).again(await(s.of(7))).label;
    int cell = await(s.of(new Box())).cells[await(s.of(1))];
    await(s.of(new Box())).cells[await(s.of(2))] = await(s.of(9));
    await(s.of(new Box())).label = await(s.of("assigned"));
    return CompletableFuture.completedFuture(upper + length + label + cell);
  }
}
