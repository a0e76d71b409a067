// EA Async forgets a held monitor at the first branch.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaMonitorsLost {
  static CompletableFuture<String> branch(Source s, boolean b) {
    String r = "";
    synchronized (s) {
      if (b) {
        r += "x";
      }
      r += await(s.of("y")); // error: [WEFT010] await inside synchronized, after a branch or in a loop: the monitor cannot be released while the method is suspended. Move the await out of the synchronized block
    }
    return s.of(r);
  }

  static CompletableFuture<String> loop(Source s) {
    String r = "";
    synchronized (s) {
      for (int i = 0; i < 3; i++) {
        r += await(s.of("y")); // error: [WEFT010] await inside synchronized, after a branch or in a loop: the monitor cannot be released while the method is suspended. Move the await out of the synchronized block
      }
    }
    return s.of(r);
  }
}
