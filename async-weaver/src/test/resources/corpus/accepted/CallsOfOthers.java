// Awaits of what async methods of other classes return: static, of final classes, records, enums, interfaces, and overridden.
package shapes;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

class CallsOfOthers {
  static class Statics {
    static Task<Integer> number(Source s, int of) {
      return Async.done(await(s.of(of)) + 1);
    }

    static CompletableFuture<String> maybe(Source s, int which) throws IOException {
      switch (await(s.of(which))) {
        case 0:
          return null;
        case 1:
          throw new IOException("checked");
        case 2:
          return s.of("of the source");
        default:
          return CompletableFuture.completedFuture(which == 3 ? null : "value");
      }
    }

    Task<String> open(Source s) {
      return Async.done("open " + await(s.of("s")));
    }

    final Task<String> closed(Source s, long wide, double also) {
      return Async.done("closed " + await(open(s)) + wide + also);
    }
  }

  static final class Closed extends Statics {
    @Override
    Task<String> open(Source s) {
      return Async.done("overridden " + await(super.open(s)));
    }
  }

  record Rec(int value) {
    Task<Integer> plus(Source s, int more) {
      return Async.done(await(Statics.number(s, value)) + more);
    }
  }

  enum Kind {
    ONE,
    OTHER;

    CompletableFuture<Kind> next(Source s) {
      await(s.of(1));
      return CompletableFuture.completedFuture(values()[(ordinal() + 1) % 2]);
    }
  }

  interface Face {
    static Task<Void> touch(Source s) {
      s.log(await(s.of("touched")));
      return Async.done();
    }

    default Task<String> own(Source s) {
      await(touch(s));
      return Async.done("default");
    }
  }

  static Task<String> all(Source s, Statics statics, Closed closed, Face face) {
    String text = await(statics.open(s)) + await(closed.open(s));
    text += await(statics.closed(s, 5, 2.5)) + await(closed.closed(s, -1, 0));
    text += await(face.own(s)) + await(Face.touch(s));
    text += await(new Rec(await(Statics.number(s, 1))).plus(s, await(Kind.OTHER.next(s)).ordinal()));
    return Async.done(text + await(text.isEmpty() ? s.of(0) : Statics.number(s, text.length())));
  }

  static CompletableFuture<String> run(Source s) {
    for (int which = 0; which < 5; which++) {
      try {
        s.log(await(Statics.maybe(s, which)));
      } catch (NullPointerException | IOException e) {
        s.log(e.getClass().getSimpleName());
      }
    }
    try {
      Statics none = null;
      await(none.closed(s, 1, 1));
    } catch (NullPointerException e) {
      s.log("no receiver");
    }
    s.log(await(all(s, new Statics(), new Closed(), new Face() {})));
    return s.of("end");
  }
}
