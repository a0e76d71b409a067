package dev.weft.context;

import dev.weft.log.LimitedLog;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Something that can be bound to a thread for the time of a call only, as a {@code ScopedValue}:
 * how to read it, and how to run something with it. As many as the program has registered; that is
 * never undone.
 */
public final class ScopedBinding {
  private static final LimitedLog log =
      LimitedLog.of(LoggerFactory.getLogger("dev.weft.AsyncLocal"));

  /** Copied on writing. Volatile, so that whoever has come to know of one sees it here. */
  private static volatile ScopedBinding[] all = {};

  private final Supplier<? extends @Nullable Object> reader;
  private final BiConsumer<Object, Runnable> binder;

  private ScopedBinding(
      Supplier<? extends @Nullable Object> reader, BiConsumer<Object, Runnable> binder) {
    this.reader = reader;
    this.binder = binder;
  }

  /**
   * Has it carried from now on.
   *
   * @param reader what is bound to the calling thread; null for nothing
   * @param binder runs the body with what the reader has read elsewhere
   */
  @SuppressWarnings("unchecked") // the binder gets what the reader has returned
  public static synchronized <T> void register(
      Supplier<? extends @Nullable T> reader, BiConsumer<? super T, ? super Runnable> binder) {
    ScopedBinding[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = new ScopedBinding(reader, (value, body) -> binder.accept((T) value, body));
    all = more;
  }

  /** Each that has a value here followed by it; null if none has. */
  static @Nullable Object @Nullable [] capture() {
    ScopedBinding[] bindings = all;
    Object[] pairs = null;
    int used = 0;
    for (ScopedBinding binding : bindings) {
      Object value = binding.read();
      if (value != null) {
        if (pairs == null) {
          pairs = new Object[2 * bindings.length];
        }
        pairs[used++] = binding;
        pairs[used++] = value;
      }
    }
    return pairs == null || used == pairs.length ? pairs : Arrays.copyOf(pairs, used);
  }

  private @Nullable Object read() {
    try {
      return reader.get();
    } catch (Throwable error) {
      log.warn("a scoped value could not be read, and is not carried", error);
      return null;
    }
  }

  /** Runs a body once, with the values of a {@link #capture}. */
  static void run(@Nullable Object @Nullable [] pairs, Runnable body) {
    Once once = new Once(body);
    Runnable bound = once;
    for (int i = 0; pairs != null && i < pairs.length; i += 2) {
      ScopedBinding binding = (ScopedBinding) Objects.requireNonNull(pairs[i]);
      Object value = Objects.requireNonNull(pairs[i + 1]);
      Runnable inner = bound;
      bound = () -> binding.binder.accept(value, inner);
    }
    try {
      bound.run();
    } catch (Throwable error) {
      log.warn("a scoped value could not be bound", error);
    }
    once.run(); // if a binder has failed, or has not run what it was given
    once.rethrow();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
  private static <E extends Throwable> E undeclared(Throwable error) throws E {
    throw (E) error;
  }

  /** A task must not be lost, nor run twice, nor lose its failure, by what others do. */
  private static final class Once implements Runnable {
    private @Nullable Runnable body;
    private @Nullable Throwable failure;

    Once(Runnable body) {
      this.body = body;
    }

    @Override
    public void run() {
      Runnable mine = body;
      body = null;
      if (mine != null) {
        try {
          mine.run();
        } catch (Throwable error) {
          failure = error;
        }
      }
    }

    void rethrow() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw ScopedBinding.<RuntimeException>undeclared(failure);
      }
    }
  }
}
