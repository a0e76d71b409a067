package dev.weft.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What these tests are run on, and what they look at from outside. */
enum Machine {
  WORK_STEALING(() -> WorkStealingExecutor.builder().workers(2).noDriver().build()),
  NODE(() -> NodeExecutor.builder().noDriver().build());

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Supplier<AsyncExecutor> maker;

  Machine(Supplier<AsyncExecutor> maker) {
    this.maker = maker;
  }

  AsyncExecutor executor() {
    return maker.get();
  }

  /** Runs a body as a task, and waits for it. */
  static <T> T run(AsyncExecutor executor, Callable<? extends CompletionStage<T>> body)
      throws Exception {
    try {
      return executor.spawn(body).get(LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failed;
    }
  }

  /** An async method of an executor, which has begun when this returns. */
  static <T> Task<T> method(AsyncExecutor executor, HandWritten.Body<T> body) throws Exception {
    return started(
        executor,
        () -> {
          HandWritten<T> frame = new HandWritten<>(executor, body);
          frame.run();
          return frame;
        });
  }

  /** What a call on one of the executor's threads has returned, not awaited. */
  static <T> T started(AsyncExecutor executor, Callable<T> call)
      throws InterruptedException, ExecutionException, TimeoutException {
    return executor.submit(call).get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  static <T> T get(Task<T> task) throws Exception {
    return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  static void finished(Task<?> task) throws InterruptedException {
    assertThat(task.awaitFinished(LONG)).as("finished: %s", task).isTrue();
  }

  /** Waits for something that nobody tells of. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** What the descriptors of this JVM point to, where that begins with something. */
  static List<String> descriptors(String beginning) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith(beginning)) {
            found.add(target);
          }
        } catch (IOException closed) {
          // since it was listed
        }
      }
    } catch (IOException error) {
      throw new AssertionError(error);
    }
    return found;
  }

  static void nothingIsOpen(Path below) {
    until("open: " + below, () -> descriptors(below.toString()).isEmpty());
  }

  /** A named pipe. */
  static Path fifo(Path directory) throws Exception {
    Path path = directory.resolve("fifo");
    Process made = new ProcessBuilder("mkfifo", path.toString()).start();
    assertThat(made.waitFor()).isZero();
    return path;
  }

  static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .count();
  }
}
