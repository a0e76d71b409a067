// Default, static and private interface methods that await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Interfaces {
  interface Greeter {
    String name();

    default CompletableFuture<String> greet(Source s) {
      String mine = name();
      return s.of(await(prefix(s)) + mine + await(s.of("!")) + await(suffix(s)));
    }

    private CompletableFuture<String> prefix(Source s) {
      await(s.of(1));
      return s.of("hello " + name().length());
    }

    static CompletableFuture<String> suffix(Source s) {
      return s.of(await(hidden(s)) + "?");
    }

    private static CompletableFuture<String> hidden(Source s) {
      return s.of("hidden" + await(s.of(1)));
    }
  }

  interface Loud extends Greeter {
    @Override
    default CompletableFuture<String> greet(Source s) {
      return s.of(await(Greeter.super.greet(s)).toUpperCase() + await(s.of(2)));
    }
  }

  record Person(String name) implements Greeter {}

  static class Shouter implements Loud {
    @Override
    public String name() {
      return "shouter";
    }
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(new Person("ann").greet(s)) + await(new Shouter().greet(s)));
  }
}
