// Awaits that tell the compiler which checked exceptions may come, so that a catch can name them.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.io.*;
import java.util.concurrent.*;

class DeclaredFailures {
  static CompletableFuture<String> caught(Source s, Exception failure) {
    try {
      return s.of(await(s.of("value"), TimeoutException.class) + await(s.fail(failure), TimeoutException.class));
    } catch (TimeoutException e) {
      return s.of("late " + e.getMessage());
    }
  }

  static CompletableFuture<String> either(Source s, Exception failure) {
    try {
      await(
          s.fail(failure),
          TimeoutException.class,
          IOException.class);
      return s.of("none");
    } catch (TimeoutException | IOException e) {
      return s.of(e.getClass().getSimpleName() + await(s.of(1)));
    }
  }

  static CompletableFuture<String> computed(Source s, boolean first) throws Exception {
    Class<? extends Exception> type = first ? IOException.class : TimeoutException.class;
    String before = "a";
    return s.of(before + await(s.of("x"), type) + await(s.of("y"), first ? IOException.class : null));
  }

  static CompletableFuture<Object> passedOn(Source s) throws FileNotFoundException {
    return s.of((Object) await(s.fail(new FileNotFoundException("f")), FileNotFoundException.class));
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(caught(s, new TimeoutException("t"))));
    try {
      await(caught(s, new IOException("undeclared")));
    } catch (Exception e) {
      s.log(e);
    }
    s.log(await(either(s, new EOFException("eof"))));
    s.log(await(either(s, new TimeoutException("t"))));
    try {
      s.log(await(computed(s, true)) + await(computed(s, false)));
      return s.of(String.valueOf(await(passedOn(s))));
    } catch (Exception e) {
      return s.of(e.toString());
    }
  }
}
