// Fields initialised with lambdas that await, static and not; initializers without awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class Initializers {
  static final Function<Source, CompletableFuture<String>> SHARED = s -> s.of("shared" + await(s.of(1)));
  static final List<String> LOG = new ArrayList<>();

  static {
    LOG.add("clinit");
  }

  final Function<Source, CompletableFuture<String>> own = s -> s.of(name() + await(s.of(2)));

  {
    LOG.add("init");
  }

  String name() {
    return "own";
  }

  static CompletableFuture<String> run(Source s) {
    Initializers made = new Initializers();
    return s.of(await(SHARED.apply(s)) + await(made.own.apply(s)) + LOG.get(0));
  }
}
