// Loops that go on after the cancellation of their task, and loops that end.
package shapes;

import static dev.weft.Async.await;

import dev.weft.*;
import dev.weft.weaver.corpus.Source;
import java.io.*;
import java.util.*;
import java.util.concurrent.*;

class SwallowedCancellations {
  // ---- swallowed

  static CompletableFuture<String> run(Source s) {
    while (true) {
      try {
        await(s.of(1));
      } catch (Exception e) { // warning: [WEFT045] catch (Exception) takes the CancellationException that the await in line 18 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e);
      }
    }
  }

  static CompletableFuture<String> retry(Source s) {
    for (int i = 0; i < 3; i++) {
      try {
        return s.of(await(s.of("x")));
      } catch (RuntimeException e) { // warning: [WEFT045] catch (RuntimeException) takes the CancellationException that the await in line 28 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        if (i == 2) {
          throw e;
        }
      }
      await(s.of("backoff"));
    }
    return s.of("end");
  }

  static CompletableFuture<String> itsSuperclasses(Source s, Iterator<String> all) {
    while (all.hasNext()) {
      try {
        await(s.of(all.next()));
      } catch (IllegalStateException e) { // warning: [WEFT045] catch (IllegalStateException) takes the CancellationException that the await in line 42 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        continue;
      }
      try {
        await(s.of(all.next()));
      } catch (Throwable e) { // warning: [WEFT045] catch (Throwable) takes the CancellationException that the await in line 47 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e);
      }
    }
    return s.of("end");
  }

  static CompletableFuture<String> throughFinally(Source s) {
    while (true) {
      try {
        try (Reader in = new StringReader("x")) {
          await(s.of(in.toString()));
        } finally {
          s.log("clean up");
        }
      } catch (IOException | RuntimeException e) { // warning: [WEFT045] catch (RuntimeException) takes the CancellationException that the await in line 59 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e);
      }
    }
  }

  @SuppressWarnings("finally")
  static CompletableFuture<String> byFinally(Source s, int n) {
    while (n-- > 0) {
      try {
        await(s.of(1));
      } finally { continue; // warning: [WEFT045] this finally block drops the CancellationException that the await in line 73 throws when the task is cancelled, and the loop goes on: the task does not end. Leave it without continue
      }
    }
    return s.of("end");
  }

  static CompletableFuture<String> rethrownToTheWrongPlace(Source s) {
    while (true) {
      try {
        try {
          await(s.of(1));
        } catch (CancellationException e) {
          throw e;
        }
      } catch (Exception e) { // warning: [WEFT045] catch (Exception) takes the CancellationException that the await in line 84 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e);
      }
    }
  }

  // ---- not swallowed

  static CompletableFuture<String> rethrown(Source s) {
    while (true) {
      try {
        await(s.of(1));
      } catch (CancellationException e) {
        throw e;
      } catch (Exception e) {
        s.log(e);
      }
    }
  }

  static CompletableFuture<String> deliberate(Source s) {
    while (true) {
      try {
        await(s.of(1));
      } catch (CancellationException e) {
        s.log("once more");
      }
    }
  }

  static CompletableFuture<String> asked(Source s, Task<String> self) {
    while (true) {
      try {
        await(s.of(1));
      } catch (Exception e) {
        if (e instanceof CancellationException) {
          throw e;
        }
        s.log(e);
      }
      try {
        await(s.of(2));
      } catch (Exception e) {
        if (self.isCancelled()) {
          return s.of("cancelled");
        }
      }
    }
  }

  static CompletableFuture<String> ended(Source s, List<String> all) throws Exception {
    for (String each : all) {
      try {
        await(s.of(each));
      } catch (IllegalArgumentException | UnsupportedOperationException e) {
        s.log(e);
      } catch (Exception e) {
        throw new IOException(each, e);
      }
      try {
        await(s.of(each));
      } catch (Exception e) {
        break;
      }
      try {
        await(s.of(each));
      } catch (Exception e) {
        return s.of(await(s.of("failed")));
      }
      try (StringReader in = new StringReader("x")) {
        await(s.of(in.read()));
      } finally {
        s.log("clean up");
      }
      try {
        s.log("without await");
      } catch (Exception e) {
        s.log(e);
      }
    }
    return s.of("end");
  }

  static CompletableFuture<String> noLoop(Source s) {
    try {
      await(s.of(1));
    } catch (Exception e) {
      s.log(e);
    }
    return s.of(await(s.of("end")));
  }
}
