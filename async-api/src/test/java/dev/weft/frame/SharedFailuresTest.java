package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.Logged;
import dev.weft.Task;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * An exception that several calls await is changed by none of them, and nothing is lost silently.
 */
class SharedFailuresTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(SharedFailures.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    Logged.flush(); // of other tests
    logged.start();
    logger.addAppender(logged);
    logger.setAdditive(false); // the test reads it, nobody else has to
  }

  @AfterEach
  void stopListening() {
    Logged.flush();
    logger.detachAppender(logged);
    logger.setAdditive(true);
  }

  private static Throwable thrownBy(CompletableFuture<?> stage) {
    try {
      Await.take(stage);
    } catch (Throwable thrown) {
      return thrown;
    }
    throw new AssertionError("not failed");
  }

  private static HandWritten<Object> failedCall(Exception failure) {
    HandWritten<Object> frame =
        new HandWritten<>(
            new ManualExecutor(),
            (self, state, awaited) -> {
              throw failure;
            });
    frame.run();
    return frame;
  }

  @Test
  void whatAnAwaitThrewOutOfAFutureStaysAsItIs() {
    for (CompletableFuture<Object> stage :
        java.util.List.of(new CompletableFuture<>(), new Task<>())) {
      stage.completeExceptionally(new IOException("cached"));

      Throwable thrown = thrownBy(stage);
      for (int i = 0; i < 1000; i++) {
        SharedFailures.addSuppressed(thrown, new IllegalStateException("close " + i));
      }

      assertThat(thrown).hasMessage("cached").hasNoSuppressedExceptions();
    }
  }

  @Test
  void theCauseThatADerivedStageWrapsStaysAsItIs() {
    CompletableFuture<Object> origin = new CompletableFuture<>();
    CompletableFuture<Object> derived = origin.thenApply(x -> x);
    origin.completeExceptionally(new IOException("cached"));

    Throwable thrown = thrownBy(derived);
    SharedFailures.addSuppressed(thrown, new IllegalStateException());

    assertThat(thrown).hasMessage("cached").hasNoSuppressedExceptions();
  }

  @Test
  void byTheRulesOfEaAsyncNeitherTheWrapperThatIsKeptNorItsCauseIsChanged() {
    CompletableFuture<Object> origin = new CompletableFuture<>();
    CompletableFuture<Object> derived = origin.thenApply(x -> x);
    origin.completeExceptionally(new IOException("cached"));

    for (CompletableFuture<Object> stage : java.util.List.of(derived, origin)) {
      assertThatThrownBy(() -> Await.join(stage))
          .isInstanceOfSatisfying(
              CompletionException.class,
              wrapper -> {
                SharedFailures.addSuppressed(wrapper, new IllegalStateException());
                SharedFailures.addSuppressed(wrapper.getCause(), new IllegalStateException());
                assertThat(wrapper.getCause()).hasNoSuppressedExceptions();
                boolean madeForThisAwait = stage == origin;
                assertThat(wrapper.getSuppressed()).hasSize(madeForThisAwait ? 1 : 0);
              });
    }
  }

  @Test
  void theFailureOfACallThatOnlyItsCallerAwaitsIsSuppressedIn() {
    Throwable thrown = thrownBy(failedCall(new IOException("own")));
    IllegalStateException close = new IllegalStateException("close");

    SharedFailures.addSuppressed(thrown, close);

    assertThat(thrown.getSuppressed()).containsExactly(close);
    Throwable atOnce = thrownBy(Settled.thrown(new IOException("own")));
    SharedFailures.addSuppressed(atOnce, close);
    assertThat(atOnce.getSuppressed()).containsExactly(close);
    Logged.flush();
    assertThat(logged.list).isEmpty();
  }

  @Test
  void aCallThatIsAwaitedASecondTimeIsShared() {
    HandWritten<Object> kept = failedCall(new IOException("kept"));
    SharedFailures.addSuppressed(thrownBy(kept), new IllegalStateException("first"));

    for (int i = 0; i < 10; i++) {
      SharedFailures.addSuppressed(thrownBy(kept), new IllegalStateException("later"));
    }

    assertThat(thrownBy(kept).getSuppressed()).hasSize(1);
  }

  @Test
  void aCallThatEndsAsASharedFutureDoesSharesItsFailure() {
    CompletableFuture<Object> cached = CompletableFuture.failedFuture(new IOException("cached"));
    HandWritten<Object> call =
        new HandWritten<>(new ManualExecutor(), (self, state, awaited) -> cached);
    call.run();

    Throwable thrown = thrownBy(call);
    SharedFailures.addSuppressed(thrown, new IllegalStateException());

    assertThat(thrown).hasNoSuppressedExceptions();
  }

  @Test
  void anExceptionOfNoAwaitIsTreatedAsEver() {
    IOException own = new IOException("own");
    IllegalStateException close = new IllegalStateException("close");

    SharedFailures.addSuppressed(own, close);

    assertThat(own.getSuppressed()).containsExactly(close);
    assertThatThrownBy(() -> SharedFailures.addSuppressed(own, own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Self-suppression not permitted");
    assertThatThrownBy(() -> SharedFailures.addSuppressed(own, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("Cannot suppress a null exception.");
  }

  @Test
  void aSharedExceptionDoesNotSuppressItselfEither() {
    Throwable shared = thrownBy(CompletableFuture.failedFuture(new IOException("cached")));

    assertThatThrownBy(() -> SharedFailures.addSuppressed(shared, shared))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Self-suppression not permitted");
  }

  @Test
  void whatIsNotSuppressedIsLogged() {
    Throwable shared = thrownBy(CompletableFuture.failedFuture(new IOException("cached")));

    // Of a class of its own: there is one line a second of each class.
    SharedFailures.addSuppressed(shared, new ArithmeticException("close failed"));
    Logged.flush();

    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.get(0).getFormattedMessage()).contains("java.io.IOException: cached");
    assertThat(logged.list.get(0).getThrowableProxy().getMessage()).isEqualTo("close failed");
  }
}
