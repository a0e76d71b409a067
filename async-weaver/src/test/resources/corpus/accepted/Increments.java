// iinc, pre and post increments of locals, fields and elements around awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Increments {
  int field;

  CompletableFuture<String> go(Source s) {
    int i = 0;
    i++;
    int a = i++ + await(s.of(10)) + ++i;
    i += 100;
    i -= await(s.of(1));
    byte b = 127;
    b++;
    b += await(s.of(1));
    int[] cells = {0, 0};
    int at = 0;
    cells[at++] = at + await(s.of(5));
    cells[at--] += at + cells[0]++ + await(s.of(1));
    field = field++ + await(s.of(1)) + field;
    long l = i++ * await(s.of(2L)) + i;
    char c = 'a';
    c++;
    c += await(s.of(1));
    return s.of(a + " " + i + " " + b + " " + cells[0] + "," + cells[1] + " " + field + " " + l + c + at);
  }

  static CompletableFuture<String> run(Source s) {
    return new Increments().go(s);
  }
}
