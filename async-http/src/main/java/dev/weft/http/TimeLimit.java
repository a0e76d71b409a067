package dev.weft.http;

import dev.weft.AsyncExecutor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * How long a client may take for what is awaited of it. Moved with each request, and so no timer: a
 * field, at which {@link TimeLimits} looks when it may be over.
 */
final class TimeLimit {
  /** What is awaited. */
  enum For {
    /** Nothing: a handler runs. */
    NOTHING,
    /** Another request. */
    REQUEST,
    /** The rest of a head. */
    HEAD,
    /** Some of a body that is being read. */
    BODY,
    /** That it takes some of the answer. */
    ANSWER,
    /** That it sees an answer that ends the connection, and closes it. */
    FAREWELL
  }

  /** So long a client that was refused may take to read why. Guessed; nginx has 5 s. */
  static final Duration FAREWELL = Duration.ofSeconds(2);

  private record Awaited(For kind, long deadline) {}

  private static final Awaited NOTHING = new Awaited(For.NOTHING, 0);

  private final AsyncExecutor executor;
  private final HttpOptions options;
  private final TimeLimits limits;
  private final Runnable onOver;

  /** Replaced as a whole: the loop moves only what it has seen, and never what came after. */
  private final AtomicReference<Awaited> awaited = new AtomicReference<>(NOTHING);

  /** Looked at, from the first time that something is awaited. */
  private volatile boolean listed;

  /** Not looked at any more: who has been left behind may still wait for something. */
  private volatile boolean closed;

  private volatile boolean begun;
  private volatile For overFor = For.NOTHING;

  TimeLimit(HttpServer server, Runnable onOver) {
    this.executor = server.executor();
    this.options = server.options();
    this.limits = server.limits();
    this.onOver = onOver;
  }

  /** From now on this is awaited. */
  void await(For what) {
    awaited.set(from(what));
    if (!listed && what != For.NOTHING) {
      listed = true;
      limits.add(this);
      if (closed) { // close() writes it, then removes; so one of the two does
        limits.remove(this);
      }
    }
    if (what == For.REQUEST && begun) { // as onArrival, which has looked before
      awaited.set(from(For.HEAD));
    }
  }

  /**
   * From now on a request is awaited; but before that, that the client takes what was written.
   *
   * @param onFailure the write has failed. From any thread
   */
  void awaitRequestAfter(CompletableFuture<?> write, Consumer<Throwable> onFailure) {
    Awaited taken = from(For.ANSWER);
    awaited.set(taken);
    write.whenComplete(
        (nothing, error) -> {
          if (error != null) {
            onFailure.accept(error);
          } else if (awaited.compareAndSet(taken, from(For.REQUEST)) && begun) { // as await
            Awaited seen = Objects.requireNonNull(awaited.get());
            if (seen.kind == For.REQUEST) {
              awaited.compareAndSet(seen, from(For.HEAD));
            }
          }
        });
  }

  private Awaited from(For what) {
    return what == For.NOTHING ? NOTHING : new Awaited(what, executor.nanoTime() + nanos(what));
  }

  /**
   * Bytes have come, on the loop: it writes {@link #begun} and then looks at {@link #awaited},
   * {@link #await} does it the other way round.
   *
   * @param inRequest whether they are a part of a request, of which more is to come
   */
  void onArrival(boolean inRequest) {
    if (begun != inRequest) {
      begun = inRequest;
    }
    Awaited seen = Objects.requireNonNull(awaited.get());
    if (seen.kind == For.REQUEST && inRequest) {
      awaited.compareAndSet(seen, from(For.HEAD));
    } else if (seen.kind == For.BODY) {
      awaited.compareAndSet(seen, from(For.BODY));
    }
  }

  /** Nothing will be awaited any more. */
  void close() {
    closed = true;
    if (listed) {
      limits.remove(this);
    }
  }

  /** What took too long, if something has. */
  For overFor() {
    return overFor;
  }

  /** Whether a part of a request has come. */
  boolean isBegun() {
    return begun;
  }

  /** Whether the client has taken too long, ever. */
  boolean isOver() {
    return overFor != For.NOTHING;
  }

  /** Nanoseconds until it is over; less than 0 if it is; a long time if nothing is awaited. */
  long left(long now) {
    Awaited seen = Objects.requireNonNull(awaited.get());
    return seen.kind == For.NOTHING ? Long.MAX_VALUE : seen.deadline - now;
  }

  /** It is over. May come a moment late, when what was awaited is there: it was late as well. */
  void expire() {
    Awaited seen = Objects.requireNonNull(awaited.get());
    if (seen.kind != For.NOTHING && seen.deadline - executor.nanoTime() <= 0) {
      overFor = seen.kind;
      onOver.run();
    }
  }

  /** The shortest of all. */
  static long shortestNanos(HttpOptions options) {
    long shortest = Long.MAX_VALUE;
    for (Duration limit :
        new Duration[] {
          options.idleTimeout(),
          options.headTimeout(),
          options.bodyTimeout(),
          options.writeTimeout(),
          FAREWELL
        }) {
      shortest = Math.min(shortest, clamped(limit));
    }
    return shortest;
  }

  private long nanos(For what) {
    Duration limit =
        switch (what) {
          case REQUEST -> options.idleTimeout();
          case HEAD -> options.headTimeout();
          case BODY -> options.bodyTimeout();
          case ANSWER -> options.writeTimeout();
          case NOTHING, FAREWELL -> FAREWELL;
        };
    return clamped(limit);
  }

  /** A century is no different from more. */
  private static long clamped(Duration limit) {
    return Math.min(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.DAYS.toNanos(36_500));
  }
}
