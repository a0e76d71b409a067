// Parameters that are assigned before, between and after awaits; one is set to null first.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class Parameters {
  static CompletableFuture<String> go(Source s, String text, int n, long l, double d, Object[] array) {
    Object[] kept = array;
    array = null;
    n++;
    l = l * 2;
    String old = text;
    text = null;
    int got = await(s.of(n));
    text = "new" + got;
    d += got;
    array = kept;
    l -= await(s.of(l));
    s = await(s.of(s));
    return CompletableFuture.completedFuture(old + text + n + l + d + array.length + await(s.of("s")));
  }

  static CompletableFuture<String> nulls(Source s, String text, List<String> list) {
    text = null;
    list = null;
    await(s.of(1));
    return CompletableFuture.completedFuture(text + list);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(go(s, "old", 1, 2, 3, new Object[4])) + await(nulls(s, "x", List.of())));
  }
}
