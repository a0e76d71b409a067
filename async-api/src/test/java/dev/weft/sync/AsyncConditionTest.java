package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Who waits holds the mutex again before it goes on, and no signal is lost. */
class AsyncConditionTest {
  private final AsyncMutex mutex = new AsyncMutex();
  private final AsyncCondition condition = mutex.newCondition();

  /** One who waits, with the mutex given back. */
  private Task<Void> waiting() {
    mutex.lock().join();
    return condition.signalled();
  }

  private void signal() {
    try (var held = mutex.lock().join()) {
      condition.signal();
    }
  }

  @Test
  void waitingGivesTheMutexBackAndASignalTakesIt() {
    Task<Void> waiting = waiting();
    AsyncMutex.Held held = mutex.tryLock();
    assertThat(held).isNotNull();
    assertThat(condition.signal()).isTrue();
    assertThat(waiting.isFinished()).isFalse();
    held.close();
    assertThat(waiting.isFinished()).isTrue();
    assertThat(waiting).isCompleted();
    assertThat(mutex.isLocked()).isTrue();
    held.close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void signalsWhoCameFirstOrAll() {
    Task<Void> one = waiting();
    Task<Void> two = waiting();
    Task<Void> three = waiting();
    signal();
    assertThat(one.isFinished()).isTrue();
    assertThat(two.isFinished()).isFalse();
    condition.signalAll(); // with the mutex that one has now
    assertThat(condition.signal()).isFalse();
    mutex.held().close();
    assertThat(two.isFinished()).isTrue();
    assertThat(three.isFinished()).isFalse();
    mutex.held().close();
    assertThat(three.isFinished()).isTrue();
    mutex.held().close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void withoutTheMutexItIsAnError() {
    assertThatThrownBy(condition::signalled)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("signalled: the mutex");
    assertThatThrownBy(condition::signal).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoIsCancelledIsFinishedWhenItHoldsTheMutexAgain() {
    Task<Void> waiting = waiting();
    AsyncMutex.Held held = mutex.lock().join();
    assertThat(waiting.cancel(false)).isTrue();
    assertThat(waiting).isCancelled();
    assertThat(waiting.isFinished()).isFalse();
    assertThat(condition.signal()).isFalse();
    held.close();
    assertThat(waiting.isFinished()).isTrue();
    assertThat(mutex.isLocked()).isTrue();
  }

  @Test
  void whoIsCancelledWithTheMutexFreeTakesItAtOnce() {
    Task<Void> waiting = waiting();
    Abandoning.askedToStop(waiting);
    assertThat(waiting.isFinished()).isTrue();
    assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
    assertThat(mutex.isLocked()).isTrue();
  }

  @Test
  void whoIsCancelledAfterTheSignalHasTheSignal() {
    Task<Void> waiting = waiting();
    AsyncMutex.Held held = mutex.lock().join();
    condition.signal();
    assertThat(waiting.cancel(false)).isFalse();
    held.close();
    assertThat(waiting).isCompleted();
    assertThat(mutex.isLocked()).isTrue();
  }

  @Test
  void aHaltedMethodClosesAGuardThatItDoesNotHold() {
    Task<Void> waiting = waiting();
    AsyncMutex.Held other = mutex.lock().join();
    Abandoning.abandoned(waiting);
    assertThat(waiting.isFinished()).isTrue();
    mutex.held().close(); // that of the halted method
    assertThat(mutex.isLocked()).isTrue();
    other.close();
    assertThat(mutex.isLocked()).isFalse();
    assertThat(mutex.tryLock()).isNotNull();
  }

  @Test
  void aHaltedMethodMayCloseAFreeMutexToo() {
    Task<Void> waiting = waiting();
    Abandoning.abandoned(waiting);
    Task<AsyncMutex.Held> next = mutex.lock();
    assertThat(next).isDone();
    mutex.held().close();
    next.join().close();
    assertThat(mutex.isLocked()).isFalse();
    assertThatThrownBy(() -> mutex.held().close()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theSignalOfAHaltedMethodGoesToTheNext() {
    Task<Void> halted = waiting();
    Task<Void> next = waiting();
    AsyncMutex.Held held = mutex.lock().join();
    condition.signal();
    Abandoning.abandoned(halted);
    mutex.held().close(); // that of the halted method
    assertThat(next.isFinished()).isFalse();
    held.close();
    assertThat(next).isCompleted();
    assertThat(mutex.isLocked()).isTrue();
  }

  @Test
  void aMethodThatIsHaltedWhenItHoldsTheMutexClosesItAsOthersDo() {
    Task<Void> waiting = waiting();
    signal();
    Abandoning.abandoned(waiting);
    assertThat(mutex.isLocked()).isTrue();
    mutex.held().close();
    assertThat(mutex.isLocked()).isFalse();
  }
}
