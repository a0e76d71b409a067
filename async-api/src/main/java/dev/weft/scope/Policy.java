package dev.weft.scope;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * When a scope has what it is for, and what its join brings. Used under the scope's lock, but for
 * {@link #result} and what gives it back, which come when all have ended.
 *
 * @param <R> what join brings
 */
abstract class Policy<R extends @Nullable Object> {
  /** Tasks whose values, or who themselves, are part of the result. */
  final List<Task<?>> kept = new ArrayList<>(0);

  /** A child was forked, and is the last in the order of forking. */
  void forked(Task<?> child) {}

  /** A child has a value; true if the others are not needed any more. */
  abstract boolean succeeded(Task<?> child);

  /** True if one failure is the end. */
  boolean failsFast() {
    return false;
  }

  /** True if it keeps each child, whatever becomes of it. */
  boolean keepsEach() {
    return false;
  }

  /** False if a failure is nobody's but of who has the task. */
  boolean hearsFailures() {
    return true;
  }

  /** True if the failures are noted for the case that there is no result. */
  boolean notesFailures() {
    return true;
  }

  /** True if there is a result although some have failed, or were cancelled. */
  abstract boolean hasResult();

  /** Why there is none, if nothing has failed. */
  Throwable missing() {
    return new NoSuchElementException("no task of the scope has brought a value");
  }

  /**
   * Takes the result.
   *
   * @throws java.util.concurrent.CancellationException if it was given back meanwhile
   */
  abstract @Nullable R result();

  /** True if what has been cancelled on the way is no result, whatever it is. */
  boolean needsAll() {
    return true;
  }

  /** The result reaches nobody. */
  void giveBack() {}

  /** The failure that is to be told where nobody joins, of those that are there by then. */
  @Nullable Throwable unheard(@Nullable Throwable noted) {
    return noted;
  }

  /** No result: what is kept is let go of. */
  final void drop() {
    kept.forEach(ScopeTask::drop);
  }

  // ---- those there are

  /** All have to succeed; or nothing is asked of any. */
  static final class None extends Policy<@Nullable Void> {
    private final boolean supervises;

    None(boolean supervises) {
      this.supervises = supervises;
    }

    @Override
    boolean succeeded(Task<?> child) {
      return false;
    }

    @Override
    boolean failsFast() {
      return !supervises;
    }

    @Override
    boolean hearsFailures() {
      return !supervises;
    }

    @Override
    boolean notesFailures() {
      return !supervises;
    }

    @Override
    boolean hasResult() {
      return supervises;
    }

    @Override
    @Nullable Void result() {
      return null;
    }
  }

  /** All, with what has become of them. */
  static final class All<T extends @Nullable Object> extends Policy<List<Task<T>>> {
    @Override
    void forked(Task<?> child) {
      kept.add(child);
    }

    @Override
    boolean succeeded(Task<?> child) {
      return false;
    }

    @Override
    boolean keepsEach() {
      return true;
    }

    @Override
    boolean notesFailures() {
      return false;
    }

    @Override
    boolean hasResult() {
      return true;
    }

    /** {@inheritDoc} The first of those it keeps: join would have brought them all. */
    @Override
    @Nullable Throwable unheard(@Nullable Throwable noted) {
      return kept.stream()
          .filter(Task::isCompletedExceptionally)
          .map(ScopeTask::failureOf)
          .filter(failure -> !(failure instanceof CancellationException))
          .findFirst()
          .orElse(noted);
    }

    @Override
    @SuppressWarnings("unchecked")
    List<Task<T>> result() {
      return (List<Task<T>>) (List<?>) Collections.unmodifiableList(kept);
    }

    @Override
    void giveBack() {
      drop();
    }
  }

  /** The values that come first. */
  abstract static class Values<R extends @Nullable Object> extends Policy<R> {
    private final int wanted;

    Values(int wanted) {
      this.wanted = wanted;
    }

    @Override
    boolean succeeded(Task<?> child) {
      kept.add(child);
      return hasResult();
    }

    @Override
    boolean hasResult() {
      return kept.size() == wanted;
    }

    @Override
    Throwable missing() {
      return wanted == 1
          ? super.missing()
          : new NoSuchElementException(
              "of the scope's tasks, " + kept.size() + " have brought a value; wanted: " + wanted);
    }

    @Override
    boolean needsAll() {
      return false;
    }

    /** By join, which claims each. */
    final List<@Nullable Object> values() {
      List<@Nullable Object> values = new ArrayList<>(kept.size());
      try {
        kept.forEach(task -> values.add(task.join()));
      } catch (CancellationException gone) {
        kept.subList(0, values.size()).forEach(ScopeTask::untake);
        throw gone;
      }
      return Collections.unmodifiableList(values);
    }

    @Override
    void giveBack() {
      kept.forEach(ScopeTask::untake);
    }
  }

  /** The first. */
  static final class First<T extends @Nullable Object> extends Values<T> {
    First() {
      super(1);
    }

    @Override
    @SuppressWarnings("unchecked")
    T result() {
      return (T) values().get(0);
    }
  }

  /** The first few, as they came. */
  static final class FirstFew<T extends @Nullable Object> extends Values<List<T>> {
    FirstFew(int wanted) {
      super(wanted);
    }

    @Override
    @SuppressWarnings("unchecked")
    List<T> result() {
      return (List<T>) values();
    }
  }
}
