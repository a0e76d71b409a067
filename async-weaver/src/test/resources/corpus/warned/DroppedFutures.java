// Futures that nobody looks at, and some that nobody has to.
package shapes;

import static dev.weft.Async.await;

import dev.weft.*;
import dev.weft.weaver.corpus.Source;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

class DroppedFutures {
  static class Promise<T> extends CompletableFuture<T> {
    Promise<T> named(String name) {
      return this;
    }
  }

  interface Store {
    CompletionStage<Void> save(String text);
  }

  static CompletableFuture<String> run(Source s) {
    await(s.of(1));
    s.of("lost"); // warning: [WEFT042] the future that Source.of returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    s.stage("lost"); // warning: [WEFT042] the future that Source.stage returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    s.task("lost"); // warning: [WEFT042] the future that Source.task returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    Async.sleep(Duration.ofMillis(1)); // warning: [WEFT042] the future that Async.sleep returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    CompletableFuture<String> kept = s.of("kept");
    return kept;
  }

  static void notAsync(Source s, Store store, Promise<String> promise) {
    store.save("lost"); // warning: [WEFT042] the future that Store.save returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    promise.named("lost"); // warning: [WEFT042] the future that Promise.named returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    Runnable lambda = () -> store.save("lost"); // warning: [WEFT042] the future that Store.save returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    Runnable reference = lambda::run;
    var ignored = store.save("kept");
  }

  static CompletableFuture<String> chains(Source s, CompletableFuture<String> f, Map<String, CompletableFuture<String>> map) {
    f.thenApply(text -> text + "lost"); // warning: [WEFT042] the future that CompletableFuture.thenApply returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    f.thenComposeAsync(text -> f); // warning: [WEFT042] the future that CompletableFuture.thenComposeAsync returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    f.whenComplete((value, error) -> s.log(value));
    f.thenAccept(s::log);
    f.thenRunAsync(() -> s.log("x"));
    f.handle((value, error) -> s.log(value));
    f.exceptionally(error -> "x");
    f.orTimeout(1, TimeUnit.SECONDS);
    f.completeOnTimeout("x", 1, TimeUnit.SECONDS);
    f.completeAsync(() -> "x");
    f.complete("x");
    f.cancel(true);
    map.put("k", f);
    map.remove("k");
    CompletableFuture.runAsync(() -> s.log("x"));
    CompletableFuture.supplyAsync(() -> "lost"); // warning: [WEFT042] the future that CompletableFuture.supplyAsync returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    new CompletableFuture<String>();
    return s.of(await(f));
  }

  interface Background {
    @MayBeDropped
    CompletionStage<Void> start(String text);

    CompletionStage<Void> start(int number);
  }

  static class Threads implements Background {
    @Override
    public CompletableFuture<Void> start(String text) {
      return null;
    }

    @Override
    public CompletableFuture<Void> start(int number) {
      return null;
    }

    @CanIgnoreReturnValue
    CompletableFuture<Void> known() {
      return null;
    }
  }

  static class More extends Threads {}

  @interface CanIgnoreReturnValue {}

  static void annotated(Background background, Threads threads, More more) {
    background.start("fine");
    background.start(1); // warning: [WEFT042] the future that Background.start returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    threads.start("fine, as what it overrides");
    threads.start(1); // warning: [WEFT042] the future that Threads.start returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    threads.known();
    more.start("fine");
    more.start(1); // warning: [WEFT042] the future that More.start returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
    more.known();
  }

  static void starts(Source s, AsyncExecutor executor) {
    Async.spawn(() -> s.of("detached"));
    executor.spawn(() -> s.of("detached"));
    Async.spawnBlocking(() -> "detached");
    executor.sleep(Duration.ofMillis(1)); // warning: [WEFT042] the future that AsyncExecutor.sleep returns is dropped: nobody will know when it ends, nor that it failed. Await it, return it, or keep it in a variable
  }
}
