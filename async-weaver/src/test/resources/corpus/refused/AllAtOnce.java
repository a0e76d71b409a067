// Everything that is wrong with a class is said in one go, in the order of its lines.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class AllAtOnce {
  final int field;

  AllAtOnce(Source s) {
    field = await(s.of(1)); // error: [WEFT002] await in a constructor, which cannot be suspended: await in a static factory method that returns a future of the object
  }

  static CompletableFuture<String> run(Source s) {
    synchronized (s) {
      await(s.of(1)); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
    }
    return s.of(await(s.of("fine")));
  }

  void nothing(Source s) {
    await(s.of(1)); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done()
    await(s.of(2)); // error: [WEFT006] await in a method that returns void: its caller could not tell when it ends, nor that it failed. Return a CompletableFuture<Void> or a Task<Void>, and end with return Async.done()
  }
}
