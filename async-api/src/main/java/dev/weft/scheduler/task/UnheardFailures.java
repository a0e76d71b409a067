package dev.weft.scheduler.task;

import dev.weft.log.LimitedLog;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sees to it that the exception of a task which nobody looks at is not lost.
 *
 * <p>When is it certain that nobody will? JavaScript decides when the microtasks have run, and lets
 * a program take it back; but a Java thread may hold a task for long and then {@code join} it, as
 * Tokio's {@code JoinHandle} may be awaited late. It is certain when the task is garbage, or when
 * its executor has ended: then the handler is called. So it is late, by a garbage collection, and
 * never wrong about a task that somebody reads before the end of its executor.
 *
 * <p>Only a task that fails while nobody awaits it, and nothing is derived from it, is watched at
 * all; tasks that succeed cost nothing. To look at a failure is
 *
 * <ul>
 *   <li>to await the task, to {@code get} or {@code join} it, or to ask {@code getNow}, {@code
 *       resultNow}, {@code exceptionNow} or {@code state} (see {@link OwnedTaskClass});
 *   <li>to derive a stage from it, or to give it to a method that does: {@code
 *       toCompletableFuture}, which {@code thenCompose}, {@code thenCombine} and their kind call,
 *       counts for those, also before the task has failed;
 *   <li>to look into what {@code CompletableFuture.allOf} or {@code anyOf} has made of it, see
 *       {@link UnheardException}. Hung on a task that is not complete they count by themselves.
 * </ul>
 *
 * One thing the JDK does past every method of a task, with a read of its own field, and so it
 * cannot be seen: {@code allOf} or {@code anyOf} of a task that has failed already, if what they
 * return is then handled without a look into the exception: {@code allOf(task).exceptionally(e ->
 * null)}.
 */
public final class UnheardFailures {
  private static final LimitedLog log =
      LimitedLog.of(LoggerFactory.getLogger(UnheardFailures.class));

  /** What tells apart tasks that are alike, such as those of connections, which have numbers. */
  private static final Pattern DIGITS = Pattern.compile("[0-9][0-9a-fA-Fx]*");

  /** A thread for all executors, made when the first failure needs it. */
  private static final class Watch {
    /**
     * On a thread of the JDK's own making, which has nothing of whose failure comes first: neither
     * class loader nor rights. With a thread made here, it would have those of this class, and so
     * keep it for ever in a server that loads it with the application.
     */
    static final Cleaner CLEANER = Cleaner.create();
  }

  /** One failure; must not refer to its task, or to what that holds. */
  final class Failure implements Runnable {
    private final String name;

    /** What the task has failed with. */
    final Throwable error;

    private Cleaner.@Nullable Cleanable watch;

    private Failure(String name, Throwable error) {
      this.name = name;
      this.error = error;
    }

    /**
     * Begins to watch it.
     *
     * @param holder the garbage collector's word on this is its word on the failure
     */
    void watch(Object holder) {
      watch = Watch.CLEANER.register(holder, this);
      pending.add(this);
    }

    /** Somebody has looked at it. */
    void heard() {
      if (pending.remove(this)) {
        unwatch();
      }
    }

    private void unwatch() {
      if (watch != null) {
        watch.clean();
      }
    }

    /** Nobody can look at it any more. */
    @Override
    public void run() {
      if (pending.remove(this)) {
        report(this);
      }
    }
  }

  private final Set<Failure> pending = ConcurrentHashMap.newKeySet();
  private final BiConsumer<? super String, ? super Throwable> handler;

  UnheardFailures(@Nullable BiConsumer<? super String, ? super Throwable> handler) {
    this.handler = handler != null ? handler : UnheardFailures::log;
  }

  /** A peer may be able to make tasks fail, as many as it likes. */
  private static void log(String name, Throwable error) {
    String kind = DIGITS.matcher(name).replaceAll("#") + error.getClass().getName();
    log.log(Level.ERROR, kind, "{} failed, and nobody looked at it", name, error);
  }

  /** The failure of a task, to be watched. */
  Failure failure(String name, Throwable error) {
    return new Failure(name, error);
  }

  /** Reports what is left when the executor has ended. */
  public void close() {
    for (Failure failure : pending) {
      failure.run();
      failure.unwatch(); // the cleaner would keep it, and its classes, for as long as the task is
    }
  }

  private void report(Failure failure) {
    try {
      handler.accept(failure.name, failure.error);
    } catch (Throwable thrown) {
      log.error("The handler of unheard failures failed at {}", failure.name, thrown);
    }
  }
}
