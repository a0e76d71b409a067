// Exceptions thrown after a resumption carry the line that threw, also on the very line of the await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class LineNumbers {
  static int lineOf(Throwable error) {
    for (StackTraceElement element : error.getStackTrace()) {
      if (element.getClassName().endsWith("LineNumbers")) {
        return element.getLineNumber();
      }
    }
    return -2;
  }

  static CompletableFuture<String> unboxing(Source s) {
    int n = await(s.of((Integer) null));
    return s.of("" + n);
  }

  static CompletableFuture<String> receiver(Source s) {
    String r = "";
    r += await(s.of((String) null)).length();
    return s.of(r);
  }

  static CompletableFuture<String> manyLines(Source s, int divisor) {
    int a =
        await(s.of(1))
            + 10
                / await(
                    s.of(divisor))
            + await(s.of(3));
    return s.of("" + a);
  }

  static CompletableFuture<String> cast(Source s, Object o) {
    await(s.of(1));
    String text = (String) await(s.of(o));
    return s.of(text);
  }

  static CompletableFuture<String> later(Source s) {
    int[] cells = {await(s.of(1))};
    await(s.of(2));

    cells[await(s.of(5))]++;
    return s.of("");
  }

  static CompletableFuture<String> loop(Source s) {
    for (int i = 3; ; i--)
      s.log(
          6 / await(s.of(i)));
  }

  static CompletableFuture<String> handler(Source s) {
    try {
      await(s.of(1));
      throw new IllegalStateException();
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(
          await(s.of("in handler")));
    }
  }

  static CompletableFuture<String> run(Source s) {
    List<Supplier<CompletableFuture<String>>> all =
        List.of(
            () -> unboxing(s),
            () -> receiver(s),
            () -> manyLines(s, 0),
            () -> cast(s, 5),
            () -> later(s),
            () -> loop(s),
            () -> handler(s));
    for (Supplier<CompletableFuture<String>> each : all) {
      try {
        s.log(await(each.get()));
      } catch (RuntimeException e) { // warning: [WEFT045] catch (RuntimeException) takes the CancellationException that the await in line 84 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        s.log(e.getClass().getSimpleName() + ":" + lineOf(e));
      }
    }
    return s.of("end");
  }
}
