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
 * <p>Accessors are called as the library's own snapshot calls them: {@code getValue} and then
 * {@code setValue}, with the value or without, when a task is entered, and {@code restore}, in
 * reverse order, when it is left. One for which neither the thread nor the task has a value is left
 * alone, and asked afterwards whether the task has set one. So where nothing is set nothing is
 * allocated: that library's snapshot is two maps for each poll. It also would leave the other
 * accessors undone if one throws, and the task with them; here that is logged, and the others go
 * on.
 *
 * <p>An accessor may be registered at any time. One that comes while a task runs is not restored
 * after that poll, as nobody knows what the thread had; if no value was set before, what the task
 * has set by then is cleared.
 */
final class PropagatedValues extends ThreadLocals {
  private static final LimitedLog log =
      LimitedLog.of(LoggerFactory.getLogger("dev.weft.AsyncLocal"));

  /** In place of what an accessor had that was left alone. */
  private static final Object LEFT_ALONE = new Object();

  /** A view of a list that is copied on writing. By index: its iterators are objects. */
  private final List<ThreadLocalAccessor<?>> accessors =
      ContextRegistry.getInstance().getThreadLocalAccessors();

  /** Null behind the last, which may have come nearer since somebody has asked for the size. */
  private @Nullable ThreadLocalAccessor<?> accessor(int index) {
    try {
      return index < accessors.size() ? accessors.get(index) : null;
    } catch (IndexOutOfBoundsException removed) {
      return null;
    }
  }

  @Override
  @Nullable Object @Nullable [] capture() {
    Object[] pairs = null;
    int used = 0;
    ThreadLocalAccessor<?> accessor;
    for (int i = 0; (accessor = accessor(i)) != null; i++) {
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

  /** {@inheritDoc} Each accessor is followed by what it had; null if all were left alone. */
  @Override
  @Nullable Object @Nullable [] enter(@Nullable Object @Nullable [] captured) {
    @Nullable Object[] before = null;
    ThreadLocalAccessor<?> accessor;
    for (int i = 0; (accessor = accessor(i)) != null; i++) {
      Object had = get(accessor);
      Object value = captured == null ? null : find(captured, accessor.key());
      boolean leftAlone = had == null && value == null;
      if (before == null) {
        if (leftAlone) {
          continue; // and so were those that came before
        }
        before = new @Nullable Object[2 * accessors.size()];
        for (int k = 0; k < i; k++) {
          note(before, k, accessor(k), LEFT_ALONE);
        }
      }
      note(before, i, accessor, leftAlone ? LEFT_ALONE : had);
      if (!leftAlone) {
        set(accessor, value);
      }
    }
    return before;
  }

  private static void note(
      @Nullable Object[] before,
      int index,
      @Nullable ThreadLocalAccessor<?> accessor,
      @Nullable Object had) {
    if (2 * index < before.length) { // else it was registered at this moment
      before[2 * index] = accessor;
      before[2 * index + 1] = had;
    }
  }

  @Override
  void leave(@Nullable Object @Nullable [] before) {
    if (before == null) {
      ThreadLocalAccessor<?> accessor;
      for (int i = 0; (accessor = accessor(i)) != null; i++) {
        clear(accessor);
      }
      return;
    }
    for (int i = before.length - 2; i >= 0; i -= 2) {
      ThreadLocalAccessor<?> accessor = (ThreadLocalAccessor<?>) before[i];
      if (accessor != null && before[i + 1] == LEFT_ALONE) {
        clear(accessor);
      } else if (accessor != null) {
        restore(accessor, before[i + 1]);
      }
    }
  }

  private static void clear(ThreadLocalAccessor<?> accessor) {
    if (get(accessor) != null) {
      restore(accessor, null);
    }
  }

  private static @Nullable Object find(@Nullable Object[] pairs, Object key) {
    for (int i = 0; i < pairs.length; i += 2) {
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
