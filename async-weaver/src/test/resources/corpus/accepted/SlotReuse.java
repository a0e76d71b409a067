// Sibling blocks reuse a slot with another type each.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SlotReuse {
  static CompletableFuture<String> run(Source s) {
    String r = "";
    {
      int i = 1;
      await(s.of(1));
      r += i;
    }
    {
      String t = "t";
      await(s.of(2));
      r += t;
    }
    {
      long l = 3;
      int after = 4;
      await(s.of(3));
      r += l + after;
    }
    {
      double d = 5.5;
      float f = 6;
      await(s.of(4));
      r += d + f;
    }
    for (int i = 0; i < 2; i++) {
      if (i == 0) {
        Object[] a = {1};
        await(s.of(5));
        r += a.length;
      } else {
        boolean z = true;
        await(s.of(6));
        r += z;
      }
    }
    return CompletableFuture.completedFuture(r);
  }
}
