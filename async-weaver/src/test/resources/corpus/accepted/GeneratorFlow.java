// emit inside expressions' statements of all kinds: switch, labels, try, half-evaluated stacks, several ends.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class GeneratorFlow {
  static AsyncStream<String> flow(Source s, int kind) {
    try {
      switch (kind) {
        case 0:
          emit("zero");
          return end();
        case 1:
          emit("one");
        default:
          emit(s.log("more") + await(s.of("+")) + (kind > 1 ? await(s.of("!")) : "?"));
      }
      outer:
      for (int i = 0; ; i++) {
        for (int j = 0; j < 2; j++) {
          if (i == 2) {
            break outer;
          }
          if (j == 1 && i == 0) {
            continue outer;
          }
          try {
            if (i + j == 2) {
              throw new UnsupportedOperationException(await(s.of("thrown")));
            }
            emit("" + i + j);
          } catch (UnsupportedOperationException e) {
            emit(e.getMessage());
          }
        }
      }
      return kind > 2 ? end() : AsyncStream.<String>end();
    } finally {
      s.log("finally" + await(s.of(kind)));
    }
  }

  static CompletableFuture<String> run(Source s) {
    String all = "";
    for (int kind = 0; kind < 4; kind++) {
      AsyncStream<String> flow = flow(s, kind);
      for (String next; (next = await(flow.next())) != null; ) {
        all += next + " ";
      }
    }
    return s.of(all);
  }
}
