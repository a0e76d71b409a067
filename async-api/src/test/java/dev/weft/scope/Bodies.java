package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.HandWritten;
import dev.weft.handoff.Held;
import dev.weft.sync.AsyncSemaphore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that do what may be lost or left behind when they are cancelled, and an account of it:
 *
 * <pre>
 * try (var permit = await(semaphore.acquire())) {
 *   got.add(await(read()));
 *   await(pause());
 *   return result;                        // to be given back if it reaches nobody
 * } finally {
 *   await(pause());
 * }
 * </pre>
 */
public final class Bodies {
  private static final int PERMITS = 2;

  private final WorkStealingExecutor executor;
  private final Random random;
  private final Awaits awaits;
  private final AsyncSemaphore permits = new AsyncSemaphore(PERMITS);
  private final List<Held> reads = new ArrayList<>();
  private final Map<String, Held> results = new HashMap<>();
  private final List<String> made = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private final List<Body> begun = new ArrayList<>();
  private int written;
  private int got;
  private @Nullable Throwable wrong;

  /** How many have begun, and have not run to their end. */
  public int running;

  /** When the first one since it was last set to this had a value, by the executor's clock. */
  public long firstValueAt = Long.MAX_VALUE;

  /** The same, of failures. */
  public long firstFailureAt = Long.MAX_VALUE;

  /** Bodies whose awaits are counted. */
  public Bodies(WorkStealingExecutor executor, Random random, Awaits awaits) {
    this.executor = executor;
    this.random = random;
    this.awaits = awaits;
  }

  /** Calls one; one in four fails when it has all it needs. */
  public CompletionStage<String> call() {
    return call(random.nextInt(4) == 0);
  }

  /** Calls one. */
  public CompletionStage<String> call(boolean fails) {
    return started(new Body(fails));
  }

  /** A method with awaits of its own. */
  public <T> Task<T> started(HandWritten.Body<T> body) {
    HandWritten<T> frame = new HandWritten<>(executor, body);
    frame.run();
    return frame;
  }

  /** A moment, or some time. */
  public Task<?> pause() {
    return random.nextInt(3) == 0 ? Async.yieldNow() : executor.sleep(millis());
  }

  /** Of virtual time. Who is told does not sleep for so long. */
  private Task<?> anHour() {
    return executor.sleep(Duration.ofHours(1));
  }

  private Duration millis() {
    return Duration.ofMillis(1 + random.nextInt(4));
  }

  private Held read() {
    Held read = new Held();
    reads.add(read);
    executor
        .sleep(millis())
        .thenRun(
            () -> {
              if (read.complete("byte")) {
                written++;
              }
            });
    return read;
  }

  /** A value that must reach somebody or be given back; there already, or later. */
  private CompletableFuture<String> result() {
    Held result = new Held();
    String value = "r" + results.size();
    results.put(value, result);
    if (random.nextBoolean()) {
      made(result, value);
    } else {
      executor.sleep(millis()).thenRun(() -> made(result, value));
      awaits.next();
    }
    return result;
  }

  private void made(Held result, String value) {
    if (result.complete(value)) {
      made.add(value);
      firstValueAt = Math.min(firstValueAt, executor.nanoTime());
    }
  }

  /** A result has reached who asked for it. */
  public void take(String value) {
    if (value.startsWith("r")) { // other methods have others
      taken.add(value);
    }
  }

  /** Takes what an ended task has, if it has something that nobody has taken from it before. */
  public void takeFrom(Task<String> ended) {
    if (!ended.isCompletedExceptionally()) {
      String value;
      try {
        value = ended.join();
      } catch (CancellationException givenBack) {
        return;
      }
      if (!taken.contains(value)) {
        take(value);
      }
    }
  }

  /** Whoever they wait for gives up: a read that is under way is cancelled. */
  public void cancelSource() {
    reads.stream().filter(it -> !it.isDone()).findFirst().ifPresent(it -> it.cancel(false));
  }

  /** Kept for {@link #after}: in a method that was cancelled nobody would hear of it. */
  public void mustHold(Runnable assertion) {
    try {
      assertion.run();
    } catch (Throwable failed) {
      wrong = wrong == null ? failed : wrong;
    }
  }

  /** Nothing is held, lost or left behind. */
  public void after() {
    if (wrong != null) {
      throw new AssertionError(wrong.getMessage(), wrong);
    }
    assertThat(running).as("bodies that run").isZero();
    assertThat(begun).as("clean-ups").allMatch(it -> it.cleanUps == 1);
    assertThat(permits.availablePermits()).isEqualTo(PERMITS);
    assertThat(permits.tryAcquire(PERMITS)).isNotNull();
    assertThat(reads).as("reads").allMatch(Task::isFinished);
    int returned = reads.stream().mapToInt(it -> it.returned.size()).sum();
    assertThat(got + returned).as("bytes that were got, and given back").isEqualTo(written);
    assertThat(results.values()).as("results").allMatch(Task::isFinished);
    List<String> once = new ArrayList<>(taken);
    results.values().forEach(it -> once.addAll(it.returned));
    assertThat(once)
        .as("results that were taken, %s, and those that were given back", taken)
        .containsExactlyInAnyOrderElementsOf(made);
  }

  private final class Body implements HandWritten.Body<String> {
    private final boolean fails;
    private AsyncSemaphore.@Nullable Permit permit;
    private @Nullable Throwable error;
    private int cleanUps;

    Body(boolean fails) {
      this.fails = fails;
    }

    @Override
    public Object resume(
        HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
        throws Throwable {
      try {
        switch (state) {
          case 0:
            begun.add(this);
            running++;
            return awaits.await(self, pause(), 1);
          case 1:
            Await.take(awaited);
            return awaits.await(self, permits.acquire(), 2);
          case 2:
            permit = (AsyncSemaphore.Permit) Await.take(awaited);
            return awaits.await(self, read(), 3);
          case 3:
            Await.take(awaited);
            got++;
            return awaits.await(self, random.nextInt(4) == 0 ? anHour() : pause(), 4);
          default:
            Await.take(awaited);
            if (state == 4 && fails) {
              throw new IOException("it fails");
            }
        }
      } catch (Throwable thrown) {
        error = error == null ? thrown : error;
      }
      if (state < 5) {
        cleanUps++;
        if (permit != null) {
          permit.close();
        }
        return awaits.await(self, pause(), 5);
      }
      running--;
      if (error != null) {
        firstFailureAt = Math.min(firstFailureAt, executor.nanoTime());
        throw error;
      }
      return result();
    }
  }
}
