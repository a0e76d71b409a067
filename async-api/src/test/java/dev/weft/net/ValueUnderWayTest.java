package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.HaltedError;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import dev.weft.handoff.Held;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A value that has arrived for a method which has yet to resume with it: that is on its way to a
 * thread which is busy.
 */
@Timeout(3 * Net.SECONDS)
class ValueUnderWayTest {
  private final List<CountDownLatch> occupations = new ArrayList<>();

  static Stream<Arguments> executors() {
    Supplier<AsyncExecutor> stealing =
        () -> WorkStealingExecutor.builder().name("busy").workers(1).noDriver().build();
    Supplier<AsyncExecutor> node = () -> NodeExecutor.builder().name("busy").noDriver().build();
    return Stream.of(
        Arguments.argumentSet("the only worker", stealing), Arguments.argumentSet("node", node));
  }

  @AfterEach
  void letGo() {
    occupations.forEach(CountDownLatch::countDown);
  }

  /** Returns when the executor's only thread is in a body, which stays there until the release. */
  private CountDownLatch occupy(AsyncExecutor executor) throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    occupations.add(release);
    executor.execute(
        () -> {
          busy.countDown();
          while (true) {
            try {
              release.await();
              return;
            } catch (InterruptedException e) {
              // it is to outlast the executor
            }
          }
        });
    busy.await();
    return release;
  }

  private static CloseReport close(AsyncExecutor executor, Duration bound) {
    return executor instanceof WorkStealingExecutor stealing
        ? stealing.close(Duration.ZERO, bound)
        : ((NodeExecutor) executor).close(Duration.ZERO, bound);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void isGivenBackIfItsExecutorIsHalted(Supplier<AsyncExecutor> open) throws Exception {
    AsyncExecutor executor = open.get();
    occupy(executor);
    Held held = new Held();
    HandWritten<String> method = HandWritten.awaiting(executor, held);
    held.complete("it");

    assertThat(close(executor, Duration.ofMillis(1)).ended()).isFalse();

    assertThatThrownBy(() -> Net.get(method.finished().thenCompose(end -> method)))
        .satisfiesAnyOf(
            thrown -> assertThat(thrown).isInstanceOf(HaltedError.class),
            thrown -> assertThat(thrown).hasRootCauseInstanceOf(HaltedError.class));
    assertThat(held.returned).containsExactly("it");
  }

  /** Awaits a call that has ended with what was to bring the value, and is its only awaiter. */
  @ParameterizedTest
  @MethodSource("executors")
  void soIfItWasToComeThroughCalls(Supplier<AsyncExecutor> open) throws Exception {
    for (Way inner : Way.values()) {
      for (Way outer : Way.values()) {
        AsyncExecutor executor = open.get();
        Held held = new Held();
        HandWritten<String> call = endingWith(executor, inner.around(executor, held));
        HandWritten<String> method = HandWritten.awaiting(executor, outer.around(executor, call));
        CountDownLatch release = occupy(executor);
        held.complete("it");

        assertThat(close(executor, Duration.ofMillis(1)).ended()).isFalse();

        assertThatThrownBy(() -> Net.get(method)).hasRootCauseInstanceOf(HaltedError.class);
        assertThat(held.returned).as("%s in %s", inner, outer).containsExactly("it");
        release.countDown();
      }
    }
  }

  /** But what others may look at ends with the value. */
  @ParameterizedTest
  @MethodSource("executors")
  void isKeptForThoseWhoLookAtACall(Supplier<AsyncExecutor> open) throws Exception {
    AsyncExecutor executor = open.get();
    Held held = new Held();
    HandWritten<String> call = endingWith(executor, held);
    HandWritten<String> method = HandWritten.awaiting(executor, call);
    CompletableFuture<String> derived = call.thenApply(it -> it);
    occupy(executor);
    held.complete("it");

    assertThat(close(executor, Duration.ofMillis(1)).ended()).isFalse();

    assertThat(Net.get(derived)).isEqualTo("it");
    assertThatThrownBy(() -> Net.get(method)).hasRootCauseInstanceOf(HaltedError.class);
    assertThat(held.returned).isEmpty();
  }

  /** How a call stands between an operation and a method. */
  private enum Way {
    ITSELF {
      @Override
      CompletableFuture<String> around(AsyncExecutor executor, CompletableFuture<String> stage) {
        return stage;
      }
    },
    LIMITED {
      @Override
      CompletableFuture<String> around(AsyncExecutor executor, CompletableFuture<String> stage) {
        return Async.timeout(Duration.ofDays(1), stage);
      }
    },
    RETURNED {
      @Override
      CompletableFuture<String> around(AsyncExecutor executor, CompletableFuture<String> stage) {
        return endingWith(executor, stage);
      }
    };

    abstract CompletableFuture<String> around(
        AsyncExecutor executor, CompletableFuture<String> stage);
  }

  /** A call that ends with a stage, and forwards it, before the executor's thread is occupied. */
  private static HandWritten<String> endingWith(
      AsyncExecutor executor, CompletableFuture<String> stage) {
    HandWritten<String> call = new HandWritten<>(executor, (self, state, awaited) -> stage);
    executor.schedule(call);
    return call;
  }

  @ParameterizedTest
  @MethodSource("executors")
  void isReturnedToAMethodThatWasCancelledMeanwhile(Supplier<AsyncExecutor> open) throws Exception {
    try (WorkStealingExecutor sockets = Net.executor(Transport.NIO);
        AsyncExecutor executor = open.get()) {
      TcpListener listener = Net.listen(sockets);
      Task<@Nullable TcpStream> accept = listener.accept();
      CompletableFuture<TcpStream> got = new CompletableFuture<>();
      HandWritten<Void> method =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                got.complete((TcpStream) Await.take(awaited));
                return Settled.value(null);
              });
      method.await(accept, 1);
      CountDownLatch release = occupy(executor);
      try (Socket peer = Net.connect(listener)) {
        Net.await("the connection has arrived", accept::isDone);
        assertThat(method.cancel(true)).isTrue();
        release.countDown();
        try (TcpStream stream = Net.get(got)) {
          assertThat(stream.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
        }
      }
      listener.close();
    }
  }
}
