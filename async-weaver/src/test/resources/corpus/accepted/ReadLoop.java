// for (T t; (t = await(..)) != null; ) await(..): the loop of every connection handler.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ReadLoop {
  static CompletableFuture<Void> echo(Source s, Iterator<String> input) {
    try (AutoCloseable closing = () -> s.log("closed")) {
      for (String line; (line = await(s.of(input.hasNext() ? input.next() : null))) != null; ) await(s.of(s.log(line)));
    } catch (Exception e) {
      s.log("failed " + e.getMessage());
    }
    return dev.weft.Async.done();
  }

  static CompletableFuture<String> run(Source s) {
    await(echo(s, List.of("one", "two", "three").iterator()));
    return s.of("end");
  }
}
