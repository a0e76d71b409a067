package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.HandWritten;
import dev.weft.frame.ManualExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A lock that was free, behind a task that several look at: who has it keeps it. */
class SharedLockTest {
  private static final List<UnaryOperator<Task<AsyncMutex.Held>>> WAYS =
      List.of(
          Async::shield,
          Async::cancelling,
          lock -> Async.timeout(Duration.ofDays(1), Async.shield(lock)),
          lock -> Async.race(List.of(lock)),
          lock -> Async.shield(Async.shield(lock)),
          SharedLockTest::call);

  /** A call that ends with it. */
  private static Task<AsyncMutex.Held> call(Task<AsyncMutex.Held> lock) {
    HandWritten<AsyncMutex.Held> call =
        new HandWritten<>(new ManualExecutor(), (self, state, awaited) -> lock);
    call.run();
    return call;
  }

  @Test
  void isNotGivenBackWhileSomebodyHasIt() {
    for (int way = 0; way < WAYS.size(); way++) {
      AsyncMutex mutex = new AsyncMutex();
      Task<AsyncMutex.Held> shared = WAYS.get(way).apply(mutex.lock());
      AsyncMutex.Held held = shared.join();
      Abandoning.abandoned(shared); // another method that awaited it is halted
      assertThat(mutex.isLocked()).as("way " + way).isTrue();
      assertThat(mutex.tryLock()).as("way " + way).isNull();
      held.close();
      assertThat(mutex.isLocked()).as("way " + way).isFalse();
    }
  }

  @Test
  void isNotGivenBackByOneThatClaimsItInVainBesideAnother() {
    for (int way = 0; way < WAYS.size(); way++) {
      AsyncMutex mutex = new AsyncMutex();
      Task<AsyncMutex.Held> shared = WAYS.get(way).apply(mutex.lock());
      AsyncMutex.Held held = shared.join();
      Abandoning.claimedInVain(shared); // a call ended with it, and was cancelled at that moment
      assertThat(mutex.isLocked()).as("way " + way).isTrue();
      held.close();
      assertThat(mutex.isLocked()).as("way " + way).isFalse();
    }
  }

  @Test
  void isGivenBackOnceIfNobodyHasItAndNobodyGetsItThen() {
    for (int way = 0; way < WAYS.size(); way++) {
      AsyncMutex mutex = new AsyncMutex();
      Task<AsyncMutex.Held> shared = WAYS.get(way).apply(mutex.lock());
      Abandoning.abandoned(shared);
      assertThat(mutex.isLocked()).as("way " + way).isFalse();
      AsyncMutex.Held other = mutex.tryLock();
      Abandoning.abandoned(shared);
      assertThat(mutex.isLocked()).as("way " + way).isTrue();
      assertThatThrownBy(shared::join).isInstanceOf(CancellationException.class);
      assertThat(other).isNotNull();
    }
  }
}
