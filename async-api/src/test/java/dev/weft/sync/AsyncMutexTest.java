package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One at a time, in the order in which they came, and nothing gets lost. */
class AsyncMutexTest {
  private final AsyncMutex mutex = new AsyncMutex();

  @Test
  void whoDoesNotWaitGetsTheSameTaskEachTime() {
    Task<AsyncMutex.Held> first = mutex.lock();
    assertThat(first).isDone();
    assertThat(mutex.isLocked()).isTrue();
    first.join().close();
    assertThat(mutex.isLocked()).isFalse();
    assertThat(mutex.lock()).isSameAs(first);
    assertThat(first.join().mutex()).isSameAs(mutex);
  }

  @Test
  void isHandedOverInOrder() {
    AsyncMutex.Held held = mutex.lock().join();
    List<Task<AsyncMutex.Held>> waiting = List.of(mutex.lock(), mutex.lock(), mutex.lock());
    for (Task<AsyncMutex.Held> next : waiting) {
      assertThat(next).isNotDone();
      held.close();
      held = next.join();
    }
    held.close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void nobodyOvertakes() {
    AsyncMutex.Held held = mutex.lock().join();
    Task<AsyncMutex.Held> waiting = mutex.lock();
    held.close();
    assertThat(mutex.tryLock()).isNull();
    assertThat(mutex.lock()).isNotDone();
    assertThat(waiting).isDone();
  }

  @Test
  void triesOnceOnly() {
    try (var held = mutex.tryLock()) {
      assertThat(held).isNotNull();
      assertThat(mutex.tryLock()).isNull();
    }
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void closingAFreeMutexIsAnError() {
    AsyncMutex.Held held = mutex.lock().join();
    held.close();
    assertThatThrownBy(held::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("had been closed before");
    assertThat(mutex.tryLock()).isNotNull();
  }

  @Test
  void whoIsCancelledLeavesTheQueue() {
    AsyncMutex.Held held = mutex.lock().join();
    Task<AsyncMutex.Held> first = mutex.lock();
    Task<AsyncMutex.Held> second = mutex.lock();
    assertThat(first.cancel(false)).isTrue();
    held.close();
    assertThat(second).isDone();
    second.join().close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void whoHasItIsNotCancelled() {
    AsyncMutex.Held held = mutex.lock().join();
    Task<AsyncMutex.Held> next = mutex.lock();
    held.close();
    assertThat(next.cancel(false)).isFalse();
    next.join().close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void aTimeLimitTakesItOutOfTheQueue() {
    AsyncMutex.Held held = mutex.lock().join();
    Task<AsyncMutex.Held> late = mutex.lock();
    late.completeExceptionally(new IllegalStateException("as orTimeout does"));
    Task<AsyncMutex.Held> limited = Async.timeout(Duration.ofMillis(1), mutex.lock());
    assertThat(limited).failsWithin(1, TimeUnit.MINUTES);
    held.close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void whatWasGivenToAHaltedMethodGoesToTheNext() {
    Task<AsyncMutex.Held> atOnce = mutex.lock();
    Task<AsyncMutex.Held> waiting = mutex.lock();
    Task<AsyncMutex.Held> last = mutex.lock();
    Abandoning.abandoned(atOnce);
    assertThat(waiting).isDone();
    Abandoning.abandoned(waiting);
    assertThat(last.join().mutex()).isSameAs(mutex);
    last.join().close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void theSharedTaskCannotBeSpoilt() {
    Task<AsyncMutex.Held> ready = mutex.lock();
    assertThat(ready.cancel(true)).isFalse();
    assertThat(ready.complete(null)).isFalse();
    assertThatThrownBy(() -> ready.obtrudeValue(null))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ready.obtrudeException(new Error()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(mutex.lock()).isNotDone();
  }

  @Test
  void callbacksThatHandItOnDoNotNest() {
    AsyncMutex.Held held = mutex.lock().join();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      int number = i;
      mutex
          .lock()
          .thenAccept(
              mine -> {
                order.add(number);
                mine.close();
              });
    }
    held.close();
    assertThat(mutex.isLocked()).isFalse();
    assertThat(order).hasSize(100_000).isSorted();
  }
}
