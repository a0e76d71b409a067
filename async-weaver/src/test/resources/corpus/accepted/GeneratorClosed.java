// Generators that are closed at an element: finally blocks run, awaiting ones too, in order.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class GeneratorClosed {
  static AsyncStream<Integer> counted(Source s) {
    try {
      for (int i = 0; ; i++) {
        try {
          emit(i + await(s.of(10)));
        } finally {
          s.log("inner " + i + await(s.of("!")));
        }
      }
    } finally {
      await(s.of(0));
      s.log("outer");
    }
  }

  static AsyncStream<String> nested(Source s) {
    try (AsyncStream<Integer> numbers = counted(s)) {
      for (Integer n; (n = await(numbers.next())) != null; ) {
        emit("n" + n);
      }
    }
    return end();
  }

  static AsyncStream<String> never(Source s) {
    s.log("never");
    emit("x");
    return end();
  }

  static CompletableFuture<String> run(Source s) {
    String got = "";
    try (AsyncStream<Integer> numbers = counted(s)) {
      got += await(numbers.next());
      got += await(numbers.next());
    }
    s.log("closed");
    try (AsyncStream<String> names = nested(s);
        AsyncStream<String> unused = never(s)) {
      got += await(names.next());
      s.log("about to close");
    }
    return s.of(got);
  }
}
