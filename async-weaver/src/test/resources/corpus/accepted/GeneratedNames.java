// Members already there under names that a weaver could take for its own.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class GeneratedNames {
  static int state = 1;
  static Object frame = "frame";
  int f0 = 3;
  private Object input = "input";
  Object awaited = "awaited";

  static CompletableFuture<String> async$run(Source s, int state, Object input) {
    return s.of("mine" + await(s.of(state)) + input);
  }

  static CompletableFuture<String> async$run(Source s) {
    return s.of("mine too" + await(s.of(1)));
  }

  static String async$resume(Source s, int state, Object input) {
    return "resume";
  }

  static CompletableFuture<String> lambda$async$run(Source s, int state) {
    return s.of("lambda" + await(s.of(state)));
  }

  CompletableFuture<String> lambda$async$lambda$async$run(Source s, int state) {
    Supplier<CompletableFuture<String>> lambda = () -> lambda$async$run(s, await(s.of(state)) + 1);
    return lambda.get();
  }

  CompletableFuture<String> resume(Source s, Object awaited) {
    String resume = await(s.of("r"));
    return s.of(resume + f0 + input + this.awaited + awaited + state + frame);
  }

  CompletableFuture<String> async$async$resume(Source s) {
    return resume(s, await(s.of("twice")));
  }

  static CompletableFuture<String> suspend(Source s) {
    return s.of("suspend" + await(s.of(2)));
  }

  static class weft$run {}

  static CompletableFuture<String> run(Source s) {
    int state = await(s.of(5));
    Object input = "local input";
    String frame = "local frame" + await(s.of(1));
    return s.of(
        await(async$run(s, state, input)) + await(async$run(s)) + async$resume(s, 0, null) + frame
            + await(new GeneratedNames().async$async$resume(s)) + await(suspend(s))
            + await(new GeneratedNames().lambda$async$lambda$async$run(s, 7)));
  }
}
