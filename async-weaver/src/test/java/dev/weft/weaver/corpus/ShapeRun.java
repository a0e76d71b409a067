package dev.weft.weaver.corpus;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a shape once and tells what was seen of it. Public, and with nothing but the JDK's types in
 * its signature, because it also runs in the {@link BlockingWorld}.
 */
public final class ShapeRun {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private ShapeRun() {}

  /**
   * Runs a shape to its end, on a thread outside any executor, while the calling thread completes
   * what it waits for.
   *
   * @param readiness the name of a {@link Readiness}
   * @param failing the number of the future that is to fail, or 0
   * @return the trace and the end; the number of futures; the number of those that it waited for
   */
  public static String[] run(ClassLoader shapes, String className, String readiness, int failing)
      throws ReflectiveOperationException {
    Source source = new Source(Readiness.valueOf(readiness), failing);
    Method run = Class.forName(className, true, shapes).getDeclaredMethod("run", Source.class);
    run.setAccessible(true);
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread runner = new Thread(() -> start(run, source, end), className);
    runner.setDaemon(true);
    runner.start();
    long start = System.nanoTime();
    while (!end.isDone()) {
      if (!source.completeAwaited()) {
        Thread.yield();
      }
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        throw new AssertionError("stuck after " + source.created() + " futures: " + stack(runner));
      }
    }
    return new String[] {
      String.join(" ", source.trace()) + " -> " + end.join(),
      Integer.toString(source.created()),
      Integer.toString(source.suspensions())
    };
  }

  private static void start(Method run, Source source, CompletableFuture<String> end) {
    try {
      CompletionStage<?> stage = (CompletionStage<?>) run.invoke(null, source);
      stage.whenComplete(
          (value, error) -> end.complete(error == null ? String.valueOf(value) : describe(error)));
    } catch (InvocationTargetException e) {
      end.complete(describe(e.getCause()));
    } catch (ReflectiveOperationException | RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  private static String describe(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return "threw " + text(cause == null ? error : cause, 0);
  }

  /** The exception, what it suppresses and what caused it, without the stack traces. */
  static String text(@Nullable Throwable error, int depth) {
    if (error == null || depth == 5) {
      return "";
    }
    String suppressed =
        Stream.of(error.getSuppressed())
            .map(each -> text(each, depth + 1))
            .collect(Collectors.joining(", "));
    String cause = text(error.getCause(), depth + 1);
    return error.getClass().getName()
        + ": "
        + error.getMessage()
        + (suppressed.isEmpty() ? "" : " suppressing [" + suppressed + "]")
        + (cause.isEmpty() ? "" : " caused by " + cause);
  }

  private static String stack(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .map(StackTraceElement::toString)
        .collect(Collectors.joining("\n  at ", thread.getState() + "\n  at ", "\n"));
  }
}
