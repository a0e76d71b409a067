package dev.weft.context;

import dev.weft.log.LimitedLog;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The thread-locals that have an accessor in Micrometer's registry; the only class here that knows
 * that library.
 *
 * <p>Accessors are called as the library's own snapshot calls them, one that clears what is
 * missing: {@code getValue} and then {@code setValue}, with the value or without, of each when a
 * task is entered, and {@code restore} of each, in reverse order, when it is left. It is not that
 * snapshot, because that is two maps for each poll, also where nothing is set, and because an
 * accessor that throws would leave the others undone, and the task with them: what one throws is
 * logged here, and the others go on.
 *
 * <p>An accessor may be registered at any time. One that comes while a task runs is not restored
 * after that poll, as nobody knows what the thread had; if nothing was registered before, what the
 * task has set by then is cleared.
 */
final class PropagatedValues extends ThreadLocals {
  private static final LimitedLog log =
      LimitedLog.of(LoggerFactory.getLogger("dev.weft.AsyncLocal"));

  private final ContextRegistry registry = ContextRegistry.getInstance();

  /** A view of a list that is copied on writing, made once. */
  private final List<ThreadLocalAccessor<?>> accessors = registry.getThreadLocalAccessors();

  @Override
  @Nullable Object @Nullable [] capture() {
    if (accessors.isEmpty()) {
      return null;
    }
    Object[] pairs = null;
    int used = 0;
    for (ThreadLocalAccessor<?> accessor : accessors) {
      Object value = get(accessor);
      if (value == null) {
        continue;
      }
      if (pairs == null) {
        pairs = new Object[2];
      } else if (used == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * used);
      }
      pairs[used++] = accessor.key();
      pairs[used++] = value;
    }
    return pairs == null || used == pairs.length ? pairs : Arrays.copyOf(pairs, used);
  }

  /** {@inheritDoc} Each accessor is followed by what it had. */
  @Override
  @Nullable Object @Nullable [] enter(@Nullable Object @Nullable [] captured) {
    if (accessors.isEmpty()) {
      return null;
    }
    Object[] all = accessors.toArray();
    @Nullable Object[] before = new @Nullable Object[2 * all.length];
    for (int i = 0; i < all.length; i++) {
      ThreadLocalAccessor<?> accessor = (ThreadLocalAccessor<?>) all[i];
      before[2 * i] = accessor;
      before[2 * i + 1] = get(accessor);
      set(accessor, find(captured, accessor.key()));
    }
    return before;
  }

  @Override
  void leave(@Nullable Object @Nullable [] before) {
    if (before == null) {
      if (!accessors.isEmpty()) {
        clearAll();
      }
      return;
    }
    for (int i = before.length - 2; i >= 0; i -= 2) {
      Object accessor = before[i];
      if (accessor != null) {
        restore((ThreadLocalAccessor<?>) accessor, before[i + 1]);
      }
    }
  }

  private void clearAll() {
    for (ThreadLocalAccessor<?> accessor : accessors) {
      if (get(accessor) != null) {
        set(accessor, null);
      }
    }
  }

  private static @Nullable Object find(@Nullable Object @Nullable [] pairs, Object key) {
    for (int i = 0; pairs != null && i < pairs.length; i += 2) {
      if (key.equals(pairs[i])) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  // ---- code of others, which may throw

  private static @Nullable Object get(ThreadLocalAccessor<?> accessor) {
    try {
      return accessor.getValue();
    } catch (Throwable error) {
      return complain("getValue", accessor, error);
    }
  }

  @SuppressWarnings("unchecked") // it has come from this accessor, or one of the same key
  private static void set(ThreadLocalAccessor<?> accessor, @Nullable Object value) {
    try {
      if (value == null) {
        accessor.setValue();
      } else {
        ((ThreadLocalAccessor<Object>) accessor).setValue(value);
      }
    } catch (Throwable error) {
      complain("setValue", accessor, error);
    }
  }

  @SuppressWarnings("unchecked") // as above
  private static void restore(ThreadLocalAccessor<?> accessor, @Nullable Object value) {
    try {
      if (value == null) {
        accessor.restore();
      } else {
        ((ThreadLocalAccessor<Object>) accessor).restore(value);
      }
    } catch (Throwable error) {
      complain("restore", accessor, error);
    }
  }

  private static @Nullable Object complain(
      String method, ThreadLocalAccessor<?> accessor, Throwable error) {
    log.warn(
        "{} of the thread-local accessor {} has failed; its value is not carried",
        method,
        accessor.getClass().getName(),
        error);
    return null;
  }
}
