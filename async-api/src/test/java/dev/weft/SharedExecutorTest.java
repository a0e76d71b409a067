package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The shared executor can be chosen before it is used, and ended; neither it nor anything else here
 * keeps the classes of an application. Each program here has a Weft of its own, whose shared
 * executor nobody has used before.
 */
@Timeout(240)
class SharedExecutorTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private static void inItsOwnWeft(Class<?> program) throws Exception {
    OwnClasses.withWeft(program.getSimpleName()).run(program);
  }

  // ---- which one it is

  @Test
  void itCanBeChosenBeforeItIsUsed() throws Exception {
    inItsOwnWeft(Chosen.class);
  }

  /** Sets a shared executor, ends it, and uses the one that is made then. */
  public static final class Chosen implements Runnable {
    @Override
    public void run() {
      WorkStealingExecutor mine =
          WorkStealingExecutor.builder().name("chosen").workers(3).noDriver().build();
      WorkStealingExecutor other =
          WorkStealingExecutor.builder().name("other").workers(1).noDriver().build();
      WorkStealingExecutor.setShared(mine);
      assertThatThrownBy(() -> WorkStealingExecutor.setShared(other))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("The shared executor was set already, by ");
      assertThat(WorkStealingExecutor.shared()).isSameAs(mine);
      assertThat(Async.spawn(() -> Async.done(Thread.currentThread().getName())).join())
          .startsWith("chosen-worker-");

      CloseReport report = WorkStealingExecutor.shutdownShared(Duration.ZERO, BOUND);
      assertThat(report.ended()).isTrue();
      assertThat(report.executor()).isEqualTo("chosen");
      assertThat(mine.isTerminated()).isTrue();

      WorkStealingExecutor.setShared(other);
      assertThat(WorkStealingExecutor.shared()).isSameAs(other);
      assertThat(WorkStealingExecutor.shutdownShared(Duration.ZERO, BOUND).ended()).isTrue();
      assertThatThrownBy(() -> WorkStealingExecutor.setShared(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is shut down");
    }
  }

  @Test
  void afterItsFirstUseItCannotBeChosen() throws Exception {
    inItsOwnWeft(TooLate.class);
  }

  /** Uses the shared executor, and sets another one. */
  public static final class TooLate implements Runnable {
    @Override
    public void run() {
      WorkStealingExecutor first = WorkStealingExecutor.shared();
      WorkStealingExecutor other = WorkStealingExecutor.builder().workers(1).noDriver().build();
      assertThatThrownBy(() -> WorkStealingExecutor.setShared(other))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(
              "The shared executor is in use already, first by ",
              " on the thread thread of TooLate",
              "shutdownShared(..)");
      assertThat(WorkStealingExecutor.shared()).isSameAs(first);
      other.close();
      assertThat(WorkStealingExecutor.shutdownShared(Duration.ZERO, BOUND).ended()).isTrue();
    }
  }

  @Test
  void whileItEndsItRejectsAndThenThereIsAnother() throws Exception {
    inItsOwnWeft(Ended.class);
  }

  /** Ends the shared executor while a task of it goes on. */
  public static final class Ended implements Runnable {
    @Override
    public void run() {
      assertThat(WorkStealingExecutor.shutdownShared(Duration.ZERO, Duration.ZERO).ended())
          .as("there was none")
          .isTrue();
      WorkStealingExecutor first = WorkStealingExecutor.shared();
      assertThatThrownBy(first::close).hasMessageContaining("shutdownShared(..)");
      CompletableFuture<Boolean> rejected = new CompletableFuture<>();
      Task<?> last =
          first.spawnBlocking(
              () -> {
                while (!first.isShutdown()) {
                  Thread.onSpinWait();
                }
                CompletableFuture<?> outside =
                    CompletableFuture.runAsync(
                        () ->
                            rejected.complete(
                                Async.spawn(Async::done).handle((value, error) -> error).join()
                                    instanceof RejectedExecutionException));
                outside.join();
                return null;
              });
      assertThatThrownBy(
              () ->
                  first
                      .submit(() -> WorkStealingExecutor.shutdownShared(BOUND, BOUND))
                      .get(60, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IllegalStateException.class);
      CloseReport report = WorkStealingExecutor.shutdownShared(BOUND, BOUND);
      assertThat(report.ended()).isTrue();
      assertThat(last).isCompleted();
      assertThat(rejected.join()).isTrue();

      assertThat(WorkStealingExecutor.shared()).isNotSameAs(first);
      assertThat(Async.spawn(() -> Async.done(1)).join()).isOne();
      assertThat(WorkStealingExecutor.shutdownShared(Duration.ZERO, BOUND).ended()).isTrue();
    }
  }

  // ---- what keeps no classes

  private static OwnClasses.Gone runAndForget(ClassLoader weft) throws Exception {
    OwnClasses application = OwnClasses.with(ServerApplication.class, weft);
    application.run(ServerApplication.class);
    return new OwnClasses.Gone(application);
  }

  @Test
  void theSharedExecutorKeepsNoneOfAnApplicationThatHasUsedItFirst() throws Exception {
    OwnClasses weft = OwnClasses.withWeft("server");
    assertThat(runAndForget(weft).comes()).isTrue();
    weft.run(End.class); // so that it has lived until here
  }

  @Test
  void norDoItsBlockingThreadsHoweverLongTheyStay() throws Exception {
    OwnClasses weft = OwnClasses.withWeft("server");
    weft.run(PatientServer.class);
    assertThat(runAndForget(weft).comes()).isTrue();
    weft.run(End.class);
  }

  /** Sets a shared executor whose threads stay when there is nothing to do. */
  public static final class PatientServer implements Runnable {
    @Override
    public void run() {
      WorkStealingExecutor.setShared(
          WorkStealingExecutor.builder()
              .name("patient")
              .workers(2)
              .blockingKeepAlive(Duration.ofHours(1))
              .build());
    }
  }

  /** Ends the shared executor. */
  public static final class End implements Runnable {
    @Override
    public void run() {
      assertThat(WorkStealingExecutor.shutdownShared(Duration.ZERO, BOUND).ended()).isTrue();
    }
  }

  private static OwnClasses.Gone runWithWeftAndForget() throws Exception {
    OwnClasses weft = OwnClasses.withWeft("application with Weft");
    weft.run(ServerApplication.class);
    weft.run(End.class);
    return new OwnClasses.Gone(weft);
  }

  @Test
  void anApplicationThatCarriesWeftItselfIsGarbageOnceItHasEndedTheSharedExecutor()
      throws Exception {
    assertThat(runWithWeftAndForget().comes()).isTrue();
  }

  private static OwnClasses.Gone runWithJmxAndForget() throws Exception {
    OwnClasses weft = OwnClasses.withWeft("with JMX");
    weft.run(ShutDown.class);
    return new OwnClasses.Gone(weft);
  }

  /** Ends an executor that is in JMX without closing it, and one that cannot start. */
  public static final class ShutDown implements Runnable {
    @Override
    public void run() {
      WorkStealingExecutor executor =
          WorkStealingExecutor.builder().workers(1).noDriver().jmx(true).build();
      executor.shutdown();
      try {
        assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void anExecutorThatWasShutDownLeavesJmx() throws Exception {
    assertThat(runWithJmxAndForget().comes()).isTrue();
  }
}
