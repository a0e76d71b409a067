// A hand-written state machine: a switch in a loop, re-entered at every label.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class StateMachine {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    int state = 0;
    long steps = 0;
    while (true) {
      steps++;
      switch (state) {
        case 0 -> {
          r += await(s.of("start "));
          state = await(s.of(2));
        }
        case 1 -> {
          return s.of(r + "end after " + steps);
        }
        case 2 -> {
          for (int i = 0; i < 2; i++) {
            r += await(s.of(i)) + " ";
          }
          state = steps > 3 ? 1 : 3;
        }
        default -> state = await(s.of(state - 1));
      }
    }
  }
}
