// A generator that fails, before and after an element; one whose clean-up fails; null.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.io.IOException;
import java.util.concurrent.*;

class GeneratorFails {
  static AsyncStream<Integer> failing(Source s, int after) throws IOException {
    for (int i = 0; i < after; i++) {
      emit(await(s.of(i)));
    }
    if (after >= 0) {
      throw new IOException("after " + after);
    }
    return end();
  }

  static AsyncStream<Integer> uncleanly(Source s) {
    try {
      emit(1);
    } finally {
      if (await(s.of(true))) {
        throw new IllegalStateException("clean-up");
      }
    }
    return end();
  }

  static AsyncStream<String> nothing(Source s) {
    try {
      emit(null);
    } catch (NullPointerException e) {
      emit(e.getMessage());
    }
    return end();
  }

  static AsyncStream<String> atOnce(Source s) {
    if (s != null) {
      throw new ArithmeticException("at once");
    }
    return end();
  }

  static CompletableFuture<String> all(Source s, AsyncStream<?> stream) {
    String got = "";
    try (stream) {
      for (Object next; (next = await(stream.next())) != null; ) {
        got += next;
      }
    } catch (Exception e) {
      got += e.getMessage();
    }
    return s.of(got);
  }

  static CompletableFuture<String> run(Source s) {
    String got = "";
    try {
      got += await(all(s, failing(s, 0))) + await(all(s, failing(s, 2)));
    } catch (IOException never) {
      got += "thrown at its call";
    }
    got += await(all(s, nothing(s))) + await(all(s, atOnce(s)));
    try (AsyncStream<Integer> one = uncleanly(s)) {
      got += await(one.next());
    } catch (IllegalStateException e) {
      got += e.getMessage();
    }
    return s.of(got);
  }
}
