// The monitor of a synchronized method is entered again, also where `this` is not used any more.
package shapes;

import static com.ea.async.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class EaSynchronizedMethods {
  synchronized CompletableFuture<String> deadThis(Source s) {
    String r = await(s.of("value"));
    return CompletableFuture.completedFuture(r + "!");
  }

  synchronized CompletableFuture<String> held(Source s) {
    boolean before = Thread.holdsLock(this);
    await(s.of(1));
    return CompletableFuture.completedFuture(before + " " + Thread.holdsLock(this));
  }

  static synchronized CompletableFuture<String> shared(Source s) {
    await(s.of(1));
    return CompletableFuture.completedFuture("" + Thread.holdsLock(EaSynchronizedMethods.class));
  }

  static CompletableFuture<String> run(Source s) {
    EaSynchronizedMethods object = new EaSynchronizedMethods();
    String r = await(object.deadThis(s)) + await(object.held(s)) + await(shared(s));
    return CompletableFuture.completedFuture(r + Thread.holdsLock(object));
  }
}
