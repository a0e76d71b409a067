package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.frame.HandWritten;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What counts as a look at the failure of a spawned task, and that it is seen as it is. */
@Timeout(120)
class UnheardFailureTest {
  private static final IOException BOOM = new IOException("boom");

  private final Set<Throwable> unheard = ConcurrentHashMap.newKeySet();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder()
          .workers(2)
          .noDriver()
          .onUnheardFailure((name, error) -> unheard.add(error))
          .build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  /** A task that has failed while nobody listened. */
  private Task<String> failed() {
    Task<String> task =
        executor.spawn(
            () -> {
              throw BOOM;
            });
    while (!task.isFinished()) {
      Thread.onSpinWait();
    }
    return task;
  }

  private Set<Throwable> reported() throws Exception {
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    return unheard;
  }

  // ---- looks

  private static CompletableFuture<String> ready() {
    return CompletableFuture.completedFuture("ready");
  }

  private static void print(CompletableFuture<?> future) {
    future.exceptionally(
        error -> {
          assertThat(error.toString()).endsWith("CompletionException: " + BOOM);
          return null;
        });
  }

  private static void fails(ThrowingCallable call) {
    assertThatThrownBy(call).hasCause(BOOM);
  }

  private static Map<String, Consumer<Task<String>>> looks() {
    Map<String, Consumer<Task<String>>> looks = new LinkedHashMap<>();
    looks.put("get", task -> fails(task::get));
    looks.put("get with a limit", task -> fails(() -> task.get(1, TimeUnit.SECONDS)));
    looks.put("join", task -> fails(task::join));
    looks.put("getNow", task -> fails(() -> task.getNow("")));
    looks.put("handle", task -> task.handle((value, error) -> ""));
    looks.put("thenApply", task -> task.thenApply(String::strip));
    looks.put("copy", CompletableFuture::copy);
    looks.put("minimalCompletionStage", CompletableFuture::minimalCompletionStage);
    looks.put("thenCompose", task -> ready().thenCompose(value -> task));
    looks.put(
        "exceptionallyCompose",
        task -> CompletableFuture.<String>failedFuture(BOOM).exceptionallyCompose(error -> task));
    looks.put("thenCombine", task -> ready().thenCombine(task, String::concat));
    looks.put("thenAcceptBoth", task -> ready().thenAcceptBoth(task, (one, other) -> {}));
    looks.put("runAfterBoth", task -> ready().runAfterBoth(task, () -> {}));
    looks.put("applyToEither", task -> ready().applyToEither(task, String::strip));
    looks.put("acceptEither", task -> ready().acceptEither(task, value -> {}));
    looks.put("runAfterEither", task -> ready().runAfterEither(task, () -> {}));
    looks.put("allOf", task -> print(CompletableFuture.allOf(task)));
    looks.put("allOf several", task -> print(CompletableFuture.allOf(ready(), task, ready())));
    looks.put("allOf, get", task -> fails(CompletableFuture.allOf(ready(), task)::get));
    looks.put("anyOf", task -> print(CompletableFuture.anyOf(task, new CompletableFuture<>())));
    looks.put("a hundred derived stages", UnheardFailureTest::deriveALot);
    looks.put("exceptionNow", task -> assertThat(now("exceptionNow", task)).isSameAs(BOOM));
    looks.put(
        "resultNow",
        task -> assertThat(now("resultNow", task)).isInstanceOf(IllegalStateException.class));
    if (Runtime.version().feature() >= 19) {
      looks.put("state", task -> assertThat(now("state", task)).hasToString("FAILED"));
    }
    return looks;
  }

  private static void deriveALot(Task<String> task) {
    CompletableFuture<?> last = CompletableFuture.allOf(task);
    for (int i = 0; i < 100; i++) {
      last = last.thenApply(value -> value);
    }
    print(last);
  }

  /** What a method of {@code Future} that there is from Java 19 on returns or throws. */
  private static Object now(String name, Task<?> task) {
    try {
      Method method =
          Runtime.version().feature() < 19
              ? task.getClass().getMethod(name)
              : Future.class.getMethod(name);
      return method.invoke(task);
    } catch (InvocationTargetException thrown) {
      return thrown.getCause();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> nameOfLook() {
    return looks().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("nameOfLook")
  void aFailureThatIsLookedAtIsNotReported(String look) throws Exception {
    looks().get(look).accept(failed());

    assertThat(reported()).isEmpty();
  }

  @Test
  void awaitingItIsALook() throws Exception {
    Task<String> task = failed();
    executor.blockOn(() -> HandWritten.awaiting(executor, task).handle((value, error) -> ""));

    assertThat(reported()).isEmpty();
  }

  @Test
  void askingWhetherItHasFailedIsNone() throws Exception {
    Task<String> task = failed();
    assertThat(task.isCompletedExceptionally()).isTrue();
    assertThat(task.isDone()).isTrue();
    assertThat(task.toString()).endsWith("[Completed exceptionally: " + BOOM + "]");
    CompletableFuture.allOf(task);

    assertThat(reported()).containsExactly(BOOM);
  }

  @Test
  void whatAllOfHasMadeOfItMayBeLookedAtWhenTheTaskIsGarbage() throws Exception {
    Task<String> task = failed();
    CompletableFuture<Void> all = CompletableFuture.allOf(task, ready());
    WeakReference<Task<String>> garbage = new WeakReference<>(task);
    task = null;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (garbage.get() != null && System.nanoTime() - deadline < 0) {
      System.gc();
    }
    assertThat(garbage.get()).isNull();
    print(all);

    assertThat(reported()).isEmpty();
  }

  // ---- what they see

  @Test
  void whoAsksTheTaskSeesWhatItHasFailedWith() {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    failed().whenComplete((value, error) -> seen.set(error));
    assertThat(seen.get()).isSameAs(BOOM);
    failed().handle((value, error) -> seen.getAndSet(error));
    assertThat(seen.get()).isSameAs(BOOM);
    assertThat(failed().exceptionally(Throwable::getMessage).join()).isEqualTo("boom");
    assertThat(catchThrowable(failed()::join))
        .isExactlyInstanceOf(CompletionException.class)
        .hasMessage(BOOM.toString())
        .cause()
        .isSameAs(BOOM);
    assertThat(catchThrowable(() -> failed().getNow("")))
        .isExactlyInstanceOf(CompletionException.class);
    assertThat(catchThrowable(failed()::get))
        .isExactlyInstanceOf(ExecutionException.class)
        .cause()
        .isSameAs(BOOM);
    failed().thenApply(String::strip).whenComplete((value, error) -> seen.set(error));
    assertThat(seen.get()).isInstanceOf(CompletionException.class).cause().isSameAs(BOOM);
    CompletionStage<String> minimal = failed().minimalCompletionStage();
    minimal.whenComplete((value, error) -> seen.set(error));
    assertThat(seen.get()).isExactlyInstanceOf(CompletionException.class).cause().isSameAs(BOOM);
  }

  @Test
  void aCompletionExceptionStaysTheOneThatItIs() throws Exception {
    CompletionException error = new CompletionException("mine", BOOM);
    Task<String> body = new Task<>();
    Task<String> task = executor.spawn(() -> body);
    task.completeExceptionally(error);
    body.complete("");
    AtomicReference<Throwable> seen = new AtomicReference<>();
    CompletableFuture.allOf(task).whenComplete((value, thrown) -> seen.set(thrown));
    assertThat(seen.get()).isSameAs(error);
    task.whenComplete((value, thrown) -> seen.set(thrown));
    assertThat(seen.get()).isSameAs(error);

    assertThat(reported()).isEmpty();
  }

  /** Ways to print an exception. */
  enum Print {
    STRING {
      @Override
      String of(Throwable error) {
        return error.toString();
      }
    },
    MESSAGE {
      @Override
      String of(Throwable error) {
        return error.getMessage() + error.getLocalizedMessage() + error.getCause();
      }
    },
    STACK_TRACE {
      @Override
      String of(Throwable error) {
        error.setStackTrace(new StackTraceElement[0]);
        StringWriter out = new StringWriter();
        error.printStackTrace(new PrintWriter(out, true));
        new IllegalStateException(error).printStackTrace(new PrintWriter(out, true));
        return out.toString().lines().filter(line -> !line.startsWith("\tat")).toList().toString();
      }
    },
    SERIALIZED {
      @Override
      String of(Throwable error) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
          out.writeObject(error);
        }
        try (ObjectInputStream in =
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
          Object copy = in.readObject();
          return copy + " of " + copy.getClass();
        }
      }
    };

    abstract String of(Throwable error) throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void whatAllOfMakesOfItIsPrintedAsACompletionException(Print print) throws Exception {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    CompletableFuture.allOf(failed()).whenComplete((value, error) -> seen.set(error));
    assertThat(seen.get()).isInstanceOf(CompletionException.class);
    assertThat(print.of(seen.get())).isEqualTo(print.of(new CompletionException(BOOM)));

    assertThat(reported()).isEmpty();
  }
}
