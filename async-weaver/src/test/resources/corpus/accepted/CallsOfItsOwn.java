// Awaits of what the class's own async methods return: values of each kind, nothing, futures as values, branches, failures.
package shapes;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

final class CallsOfItsOwn {
  private final String name;
  private int calls;

  CallsOfItsOwn(String name) {
    this.name = name;
  }

  record Pair(Object left, long right) {}

  static Task<Integer> number(Source s, int of) {
    return Async.done(await(s.of(of)) + 1);
  }

  static Task<Long> wide(Source s, long a, double b) {
    return Async.done(await(s.of(a)) + (long) b);
  }

  static CompletableFuture<Object> anything(Source s, Object of) {
    s.log(await(s.of("anything")));
    return CompletableFuture.completedFuture(of);
  }

  static CompletableFuture<CompletableFuture<String>> nested(Source s) {
    await(s.of(1));
    return CompletableFuture.completedFuture(CompletableFuture.completedFuture("in a future"));
  }

  static Task<CompletionStage<String>> nestedStage(Source s) {
    await(s.of(1));
    return Async.done(CompletableFuture.completedStage("in a stage"));
  }

  static Task<Void> nothing(Source s) {
    s.log(await(s.of("nothing")));
    return Async.done();
  }

  static CompletableFuture<String> either(Source s, int which) {
    int awaited = await(s.of(which));
    switch (awaited) {
      case 0:
        return Async.done("done");
      case 1:
        return CompletableFuture.completedFuture("completed");
      case 2:
        return s.of("of the source");
      case 3:
        return null;
      case 4:
        return Async.done(null);
      default:
        return awaited == 5 ? Async.done("one") : s.of("other");
    }
  }

  static Task<Integer> down(Source s, int n) {
    return n == 0 ? await(s.of(true)) ? Async.done(0) : null : further(s, n);
  }

  private static Task<Integer> further(Source s, int n) {
    int below = await(down(s, n - 1));
    return Async.done(below + n);
  }

  static CompletableFuture<Integer> chain(CompletableFuture<Integer> end, int calls) {
    int below = await(calls == 1 ? end : chain(end, calls - 1));
    return Async.done(below + 1);
  }

  CompletableFuture<String> own(Source s, String text) {
    calls++;
    return Async.done(name + await(s.of(text)) + calls);
  }

  private Task<String> twice(Source s, CallsOfItsOwn other) {
    return Async.done(await(own(s, "a")) + await(other.own(s, "b")) + await(this.own(s, "c")));
  }

  static Task<String> fails(Source s, int how) throws IOException {
    int awaited = how < 5 ? how : await(s.of(how));
    switch (awaited % 5) {
      case 0:
        throw new IOException("checked " + how);
      case 1:
        throw new IllegalStateException("unchecked " + how);
      case 2:
        throw new CancellationException("cancelled " + how);
      case 3:
        await(s.fail(new IllegalArgumentException("failed " + how)));
        return Async.done("not reached");
      default:
        return Async.done(await(s.of("fine ")) + how);
    }
  }

  static Task<String> caught(Source s, int how) {
    try {
      try {
        return Async.done(await(fails(s, how)));
      } catch (IOException e) {
        return Async.done("caught " + e.getMessage());
      } finally {
        s.log(await(s.of("finally")));
      }
    } catch (RuntimeException e) {
      return Async.done("caught " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  static Task<String> passed(Source s, int how) throws IOException {
    return Async.done("passed " + await(fails(s, how)));
  }

  static Task<String> tried(Source s, int how) {
    try {
      return Async.done(await(passed(s, how)));
    } catch (Exception e) {
      return Async.done(e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  static CompletableFuture<String> branches(Source s, boolean flag, CompletableFuture<String> none) {
    String text = await(flag ? either(s, 0) : s.of("other"));
    text += await(flag ? s.stage("stage") : either(s, 1));
    text += await(flag ? either(s, 2) : text.isEmpty() ? either(s, 4) : either(s, 5));
    try {
      text += await(flag ? none : either(s, 1));
    } catch (NullPointerException e) {
      text += " none ";
    }
    return Async.done(text + await(switch (text.length() % 3) {
      case 0 -> either(s, 0);
      case 1 -> s.of("one");
      default -> {
        s.log(text);
        yield either(s, 5);
      }
    }));
  }

  static Task<String> half(Source s) {
    Pair pair = new Pair(new StringBuilder(await(either(s, 0))), await(wide(s, 5, 2.5)));
    Object[] all = {pair, await(number(s, 1)), await(anything(s, pair.left())).toString()};
    return Async.done(Arrays.toString(all) + await(number(s, await(number(s, await(s.of(1)))))));
  }

  static CompletableFuture<String> run(Source s) {
    s.log(await(number(s, 1)) + await(number(s, 1 << 20)));
    s.log(await(wide(s, 1L << 40, 3.5)));
    s.log(await(anything(s, null)));
    s.log(await(anything(s, 'c')));
    s.log(await(await(nested(s))));
    s.log(await(await(nestedStage(s))));
    await(nothing(s));
    s.log(await(nothing(s)));
    for (int which = 0; which < 7; which++) {
      try {
        s.log(await(either(s, which)));
      } catch (NullPointerException e) {
        s.log("null");
      }
    }
    s.log(await(down(s, 3)));
    s.log(await(chain(s.of(1), 12)));
    s.log(await(new CallsOfItsOwn("x").twice(s, new CallsOfItsOwn("y"))));
    for (int how = 0; how < 10; how++) {
      s.log(await(caught(s, how)));
      s.log(await(tried(s, how)));
    }
    s.log(await(branches(s, true, null)) + await(branches(s, false, null)));
    Callable<CompletableFuture<String>> lambda = () -> Async.done("lambda " + await(half(s)));
    try {
      s.log(await(lambda.call()));
    } catch (Exception e) {
      s.log(e);
    }
    return s.of("end");
  }
}
