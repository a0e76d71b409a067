// emit and end where no generator is, under a lock, and with another result.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.List;
import java.util.concurrent.*;
import java.util.function.*;

class Emits {
  static CompletableFuture<String> run(Source s) {
    emit("x"); // error: [WEFT012] emit in a method that returns java.util.concurrent.CompletableFuture: only a method that returns an AsyncStream can be a generator. Return an AsyncStream, and end with return AsyncStream.end()
    return s.of("x");
  }

  static Object other(Source s) {
    return end(); // error: [WEFT012] end in a method that returns java.lang.Object: only a method that returns an AsyncStream can be a generator. Return an AsyncStream, and end with return AsyncStream.end()
  }

  static AsyncStream<String> inLambda(List<String> names) {
    names.forEach(
        name -> {
          emit(name); // error: [WEFT012] emit in a lambda that returns void: only a method that returns an AsyncStream can be a generator. Emit in the method around it, for example in a loop
        });
    return end();
  }

  static AsyncStream<String> reference(List<String> names) {
    names.forEach(AsyncStream::emit); // error: [WEFT001] emit or end as a method reference: only a direct call can be woven. Call it in the generator itself
    return end();
  }

  static AsyncStream<String> underLock(Source s) {
    synchronized (s) {
      emit("x"); // error: [WEFT009] emit inside synchronized: the monitor cannot be held while the method is suspended. Move the emit out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
      s.log(await(s.of("x"))); // error: [WEFT009] await inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
    }
    return end();
  }

  synchronized AsyncStream<String> locked(Source s) {
    emit("x"); // error: [WEFT008] emit in a synchronized method: its monitor cannot be held while it is suspended. Synchronize only the parts between the awaits, or take a dev.weft.sync.AsyncMutex
    return end();
  }

  static AsyncStream<String> another(Source s, AsyncStream<String> rest) {
    emit("x");
    if (s == null) {
      return null; // error: [WEFT013] the generator another returns something other than end(): what it hands out it emits. Read another stream in a loop and emit its elements, or make that a method without emit
    }
    try {
      s.log("x");
    } finally {
      s.log("y");
    }
    return rest; // error: [WEFT013] the generator another returns something other than end(): what it hands out it emits. Read another stream in a loop and emit its elements, or make that a method without emit
  }

  static CompletableFuture<String> closes(Source s, AsyncStream<String> stream) {
    synchronized (s) {
      stream.close(); // error: [WEFT009] close() of an AsyncCloseable, which is an await, inside synchronized: the monitor cannot be held while the method is suspended. Move the await out of the synchronized block, or take a dev.weft.sync.AsyncMutex in its place
    }
    return s.of("x");
  }
}
