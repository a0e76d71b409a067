// A generator: awaits between its elements, nothing before the first one is asked for.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class GeneratorLoop {
  static AsyncStream<String> rows(Source s, int count, long base) {
    s.log("begins");
    for (int i = 0; i < count; i++) {
      String row = await(s.of("row")) + (base + i);
      emit(row);
      s.log("after " + i);
    }
    s.log("ends");
    return end();
  }

  static AsyncStream<Integer> none(Source s) {
    s.log("none");
    return end();
  }

  static AsyncStream<Integer> without(int from, int to) {
    for (int i = from; i < to; i++) {
      emit(i);
    }
    return end();
  }

  static CompletableFuture<String> run(Source s) {
    AsyncStream<String> rows = rows(s, 3, 10);
    s.log("made");
    String all = "";
    for (String row; (row = await(rows.next())) != null; ) {
      s.log(row);
      all += row;
    }
    all += await(rows.next()) + await(none(s).next());
    AsyncStream<Integer> numbers = without(1, 4);
    int sum = 0;
    for (Integer n; (n = await(numbers.next())) != null; ) {
      sum += n;
    }
    return s.of(all + sum);
  }
}
