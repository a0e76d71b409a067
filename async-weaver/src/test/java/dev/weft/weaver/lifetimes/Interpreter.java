package dev.weft.weaver.lifetimes;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.net.TcpStream;
import dev.weft.weaver.lifetimes.Tree.Failure;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Runs trees. An async method for each shape, woven by whoever runs the model test; each tells its
 * {@link Call} where it stands, so that what it does is what an application's code would do there.
 */
public final class Interpreter implements Program {
  /** For {@link WovenInterpreter}. */
  public Interpreter() {}

  @Override
  public CompletableFuture<Integer> run(Call root) {
    return node(root);
  }

  static CompletableFuture<Integer> node(Call c) {
    return switch (c.tree().shape()) {
      case LINE -> line(c);
      case EXPRESSION -> expression(c);
      case NESTED -> nested(c);
      case TOLERANT -> tolerant(c);
      case RESOURCE -> resource(c);
      case RESOURCES -> resources(c);
      case SWITCH -> choice(c);
      case PARALLEL -> parallel(c);
      case TAIL -> tail(c);
      case ECHO -> echo(c);
      default -> FamilyInterpreter.node(c);
    };
  }

  // ---- what a step awaits

  static CompletableFuture<Integer> reach(Call c, Step step) {
    CompletableFuture<Integer> stage;
    switch (step.kind()) {
      case CALL -> {
        Call callee = c.calls(step);
        return wrapped(step, callee.known(node(callee)));
      }
      case SPAWN -> {
        Call callee = c.calls(step);
        return wrapped(step, callee.known(Async.spawn(() -> node(callee))));
      }
      case DROP -> {
        Call callee = c.callsAside(step);
        callee.known(node(callee));
        stage = Async.done(0);
      }
      case SPAWN_CANCEL -> {
        Call callee = c.calls(step);
        Task<Integer> task = callee.known(Async.spawn(() -> node(callee)));
        callee.cancel();
        return ended(task);
      }
      default -> stage = wrapped(step, c.operation(step));
    }
    c.awaits(step, null);
    return stage;
  }

  @SuppressWarnings("unchecked")
  private static CompletableFuture<Integer> ended(Task<Integer> task) {
    return (CompletableFuture<Integer>) (CompletableFuture<?>) task.finished();
  }

  static <T> CompletableFuture<T> wrapped(Step step, CompletableFuture<T> stage) {
    Duration limit = Duration.ofMillis(step.number() % 4);
    return switch (step.wrap()) {
      case NONE -> stage;
      case LIMIT -> Async.timeout(limit, stage);
      case CANCELLING -> Async.cancelling(stage);
      case SHIELD -> Async.shield(stage);
      case LIMIT_CANCELLING -> Async.timeout(limit, Async.cancelling(stage));
    };
  }

  private static CompletableFuture<Resource> opening(Call c, int number) {
    Call callee = c.opens(number);
    Step step = callee.step();
    CompletableFuture<Resource> stage =
        step.kind() == Kind.BLOCKING ? Async.spawnBlocking(c::acquire) : open(callee);
    return wrapped(step, stage);
  }

  private static CompletableFuture<Resource> open(Call c) {
    c.begin();
    try {
      c.back(await(reach(c, c.step(0))));
      return c.opened();
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaned();
      c.end();
    }
  }

  // ---- shapes

  private static CompletableFuture<Integer> line(Call c) {
    c.begin();
    int sum = c.tree().id();
    try {
      for (Step step : c.tree().body()) {
        sum += c.back(await(reach(c, step)));
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        for (Step step : c.tree().cleanup()) {
          c.back(await(reach(c, step)));
        }
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> expression(Call c) {
    c.begin();
    try {
      long sum =
          c.tree().id()
              + (long) c.back(await(reach(c, c.step(0))))
              + c.back(await(reach(c, c.step(1))))
              + c.back(await(reach(c, c.step(2))));
      return c.done((int) sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        int ignored = c.back(await(reach(c, c.cleanup(0)))) + c.back(await(reach(c, c.cleanup(1))));
        c.cleaned();
        assert ignored != Integer.MIN_VALUE;
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> nested(Call c) {
    c.begin();
    int sum = c.tree().id();
    try {
      try {
        sum += c.back(await(reach(c, c.step(0))));
        try {
          sum += c.back(await(reach(c, c.step(1))));
        } finally {
          c.here();
          c.back(await(reach(c, c.cleanup(0))));
        }
        sum += c.back(await(reach(c, c.step(2))));
      } catch (Failure failure) {
        c.failed(failure);
        if (!c.tree().catches()) {
          throw failure;
        }
        sum = -c.tree().id();
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        c.back(await(reach(c, c.cleanup(1))));
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> tolerant(Call c) {
    c.begin();
    int sum = c.tree().id();
    try {
      for (int i = 0; i < c.tree().body().size(); i++) {
        try {
          sum += c.back(await(reach(c, c.step(i))));
        } catch (Exception error) {
          sum += c.instead(error);
        }
      }
      return c.done(sum);
    } catch (Failure failure) {
      c.failed(failure);
      if (c.tree().catches()) {
        return c.done(-c.tree().id());
      }
      throw failure;
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        for (Step step : c.tree().cleanup()) {
          try {
            c.back(await(reach(c, step)));
          } catch (Exception error) {
            c.instead(error);
          }
        }
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> resource(Call c) {
    c.begin();
    try (Resource resource = c.owns(await(opening(c, 0)))) {
      int sum = c.tree().id();
      for (Step step : c.tree().body()) {
        sum += c.back(await(reach(c, step)));
        resource.use();
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        c.back(await(reach(c, c.cleanup(0))));
        c.back(await(reach(c, c.cleanup(1))));
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> resources(Call c) {
    c.begin();
    try (Resource first = c.owns(await(opening(c, 0)));
        Resource second = c.owns(await(opening(c, 1)))) {
      int sum = c.tree().id();
      try (Resource third = c.owns(await(opening(c, 0)))) {
        sum += c.back(await(reach(c, c.step(0))));
        third.use();
      }
      sum += c.back(await(reach(c, c.step(1)))) + c.back(await(reach(c, c.step(2))));
      first.use();
      second.use();
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        try (Resource late = c.owns(await(opening(c, 1)))) {
          c.back(await(reach(c, c.cleanup(0))));
          late.use();
        }
        c.back(await(reach(c, c.cleanup(1))));
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  private static CompletableFuture<Integer> choice(Call c) {
    c.begin();
    String text = "sum";
    double sum = c.tree().id();
    try {
      for (int i = 0; i < 3; i++) {
        switch (c.step(i).kind()) {
          case CALL, SPAWN -> sum += c.back(await(reach(c, c.step(i))));
          case SLEEP, YIELD -> c.back(await(reach(c, c.step(i))));
          default -> {
            int value = c.back(await(reach(c, c.step(i))));
            sum += value;
            text += value;
          }
        }
      }
      return text.isEmpty() ? c.done(0) : c.done((int) sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        if (c.tree().cleanup().size() > 1) {
          c.back(await(reach(c, c.cleanup(1))));
        }
        c.back(await(reach(c, c.cleanup(0))));
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  /** Calls that are under way at the same time, awaited one after the other. */
  private static CompletableFuture<Integer> parallel(Call c) {
    c.begin();
    try {
      Call[] callees = new Call[c.tree().body().size()];
      Object[] futures = new Object[callees.length];
      for (int i = 0; i < callees.length; i++) {
        if (c.step(i).kind() == Kind.LATER) {
          callees[i] = c.callsAside(c.step(i));
          futures[i] = callees[i].known(node(callees[i]));
        }
      }
      int sum = c.tree().id();
      for (int i = 0; i < callees.length; i++) {
        if (callees[i] == null) {
          sum += c.back(await(reach(c, c.step(i))));
        } else {
          sum += c.back(await(put(c, i, callees[i], futures[i])));
        }
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      try {
        c.back(await(reach(c, c.cleanup(0))));
        c.cleaned();
      } catch (Throwable error) {
        throw c.passing(error);
      } finally {
        c.end();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static CompletableFuture<Integer> put(Call c, int number, Call callee, Object future) {
    c.awaits(c.step(number), callee);
    return (CompletableFuture<Integer>) future;
  }

  private static CompletableFuture<Integer> tail(Call c) {
    c.begin();
    int last = c.tree().body().size() - 1;
    try {
      for (int i = 0; i < last; i++) {
        c.back(await(reach(c, c.step(i))));
      }
      if (c.step(last).kind() != Kind.CALL) {
        return c.done(c.back(await(reach(c, c.step(last)))));
      }
      Call callee = c.endsWith(c.step(last));
      return callee.known(node(callee));
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaned();
      c.end();
    }
  }

  private static CompletableFuture<Integer> echo(Call c) {
    c.begin();
    try (TcpStream stream = c.connected(await(connect(c)))) {
      for (int i = 0; i < 2; i++) {
        await(c.io(stream.write(Unpooled.wrappedBuffer(new byte[] {(byte) i}))));
        c.here();
        ByteBuf received = await(c.io(stream.read()));
        c.here();
        received.release();
      }
      return c.done(c.tree().id());
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.cleaning();
      c.cleaned();
      c.end();
    }
  }

  private static CompletableFuture<TcpStream> connect(Call c) {
    return c.io(TcpStream.connect("127.0.0.1", EchoServer.port()));
  }
}
