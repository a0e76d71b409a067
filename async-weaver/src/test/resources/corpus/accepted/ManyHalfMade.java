// So many half-made objects on the operand stack that they would not fit into the arguments of a call.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ManyHalfMade {
  record Box(Object content) {
    int depth() {
      return content instanceof Box inner ? 1 + inner.depth() : 1;
    }
  }

  static CompletableFuture<Object> run(Source s) {
    Object made = pair("first", new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(new Box(await(s.of("x")))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))));
    return s.of(made);
  }

  static Object pair(Object first, Box box) {
    return first + " " + box.depth();
  }
}
