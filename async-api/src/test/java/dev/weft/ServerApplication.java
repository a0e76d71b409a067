package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Uses whatever starts a thread; to be loaded by a class loader of its own. */
public final class ServerApplication implements Runnable {
  static final InheritableThreadLocal<Object> INHERITED = new InheritableThreadLocal<>();

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public void run() {
    INHERITED.set(new ServerApplication());
    WorkStealingExecutor shared = WorkStealingExecutor.shared();
    assertThat(Async.spawn("named", () -> Async.done(new ServerApplication())).join()).isNotNull();
    assertThat(Async.spawnBlocking(ServerApplication::new).join()).isNotNull();
    assertThat(shared.submit(() -> Async.blockInPlace(ServerApplication::new)).join()).isNotNull();
    assertThat(shared.submit(() -> Async.spawnBlocking(ServerApplication::new)).join().join())
        .isNotNull();
    Async.sleep(Duration.ofMillis(1)).join();
    Task<?> unheard =
        Async.spawn(
            () -> {
              throw new Failure();
            });
    while (!unheard.isFinished()) {
      Thread.onSpinWait();
    }
    try (WorkStealingExecutor own =
        WorkStealingExecutor.builder().name("own").workers(2).noDriver().jmx(true).build()) {
      assertThat(own.submit(ServerApplication::new).join()).isNotNull();
    }
  }
}
