// Both awaits in one class, and in one method.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaMixed {
  static CompletableFuture<String> both(Source s) {
    String a = await(s.of("ea"));
    try {
      return s.of(a + dev.weft.Async.await(s.<String>fail(new IllegalStateException("weft"))));
    } catch (IllegalStateException e) {
      return s.of(a + e.getMessage());
    }
  }

  static CompletableFuture<String> run(Source s) {
    try {
      s.log(await(both(s)));
      await(s.fail(new IllegalStateException("ea")));
    } catch (CompletionException e) {
      s.log(e.getCause().getMessage());
    }
    return s.of("end");
  }
}
