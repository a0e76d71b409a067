// try-with-resources over one, two and existing resources, with awaits inside and in close order.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class TryWithResources {
  static class Res implements AutoCloseable {
    final Source s;
    final String name;

    Res(Source s, String name) {
      this.s = s;
      this.name = s.log(name);
    }

    @Override
    public void close() {
      s.log("close " + name);
    }
  }

  static CompletableFuture<String> one(Source s) {
    try (Res res = new Res(s, "one")) {
      return CompletableFuture.completedFuture(res.name + await(s.of("!")));
    }
  }

  static CompletableFuture<String> two(Source s) {
    try (Res a = new Res(s, "a");
        Res b = new Res(s, await(s.of("b")))) {
      s.log(await(s.of(a.name + b.name)));
    } catch (RuntimeException e) {
      s.log("caught " + await(s.of(e.getMessage())));
    } finally {
      s.log(await(s.of("finally")));
    }
    return s.of("two");
  }

  static CompletableFuture<String> existing(Source s, Res res) {
    try (res;
        Res none = await(s.of((Res) null))) {
      await(s.of(1));
    }
    return s.of("existing");
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(
        await(one(s)) + await(two(s)) + await(existing(s, new Res(s, "e"))));
  }
}
