// Locals as they were when an await threw, seen by the handler and after it.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ExceptionState {
  static CompletableFuture<String> run(Source s) {
    int step = 0;
    String last = "none";
    long total = 0;
    for (int i = 0; i < 4; i++) {
      int local = i * 10;
      try {
        step = 1;
        last = await(s.of("a" + i));
        step = 2;
        total += local;
        if (i % 2 == 1) {
          await(s.fail(new IllegalStateException("odd " + i)));
        }
        step = 3;
      } catch (IllegalStateException e) { // warning: [WEFT045] catch (IllegalStateException) takes the CancellationException that the await in line 18 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e.getMessage() + step + last + local);
        last = e.getMessage();
      } finally {
        s.log(step + last + total + local);
      }
    }
    return s.of(step + last + total);
  }
}
