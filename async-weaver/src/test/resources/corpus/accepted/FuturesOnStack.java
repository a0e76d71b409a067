// Futures on the operand stack below the one that is awaited.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class FuturesOnStack {
  static String use(CompletableFuture<String> a, String b) {
    return a.join() + b + ";";
  }

  static String use(CompletableFuture<String> a, CompletableFuture<String> b, String c) {
    return a.join() + b.join() + c + ";";
  }

  static CompletableFuture<String> done(String value) {
    return CompletableFuture.completedFuture(value);
  }

  static CompletableFuture<String> two(Source s, CompletableFuture<String> x) {
    String all = use(done("a"), await(s.of("1")));
    all += use(done("a"), done("b"), await(s.of("2")));
    return s.of(all + use(x, "end"));
  }

  static CompletableFuture<String> swapped(Source s, CompletableFuture<String> x) {
    String all = use(done("a"), done("b"), await(s.of("1")));
    all += use(done("c"), await(s.of("2"))) + use(x, await(s.of("3")));
    return s.of(all + use(x, "end"));
  }

  static CompletableFuture<String> run(Source s) {
    return s.of(await(two(s, done("x"))) + await(swapped(s, done("y"))));
  }
}
