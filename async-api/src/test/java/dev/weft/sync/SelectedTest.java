package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.select.Claim;
import dev.weft.select.Selectable;
import org.junit.jupiter.api.Test;

/** As a branch of a select: it takes something only if it wins. */
class SelectedTest {
  private final Claim claim = new Claim();
  private final AsyncSemaphore semaphore = new AsyncSemaphore(2);

  private static <T> Task<T> start(Selectable<T> operation, Claim claim) {
    return ((Acquire<T>) operation).start(claim);
  }

  @Test
  void takesAtOnceWhatIsThere() {
    Task<AsyncSemaphore.Permit> branch = start(semaphore.onAcquire(2), claim);
    assertThat(branch).isDone();
    assertThat(claim.winner()).isNotNull();
    assertThat(semaphore.availablePermits()).isZero();
  }

  @Test
  void takesNothingIfAnotherHasWon() {
    claim.win(this);
    Task<AsyncSemaphore.Permit> branch = start(semaphore.onAcquire(), claim);
    assertThat(branch).isNotDone();
    assertThat(semaphore.availablePermits()).isEqualTo(2);
    branch.cancel(false);
    assertThat(branch).isCancelled();
    assertThat(semaphore.tryAcquire(2)).isNotNull();
  }

  @Test
  void winsWhenItGetsSomething() {
    AsyncMutex mutex = new AsyncMutex();
    AsyncMutex.Held held = mutex.lock().join();
    Task<AsyncMutex.Held> branch = start(mutex.onLock(), claim);
    assertThat(claim.winner()).isNull();
    held.close();
    assertThat(claim.winner()).isSameAs(branch);
    assertThat(branch).isDone();
    branch.join().close();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void whoHasLostIsPassedOver() {
    semaphore.acquire(2);
    Task<AsyncSemaphore.Permit> branch = start(semaphore.onAcquire(), claim);
    Task<AsyncSemaphore.Permit> next = semaphore.acquire();
    claim.win(this);
    semaphore.release();
    assertThat(branch).isNotDone();
    assertThat(next).isDone();
    branch.cancel(false);
    semaphore.release();
    assertThat(semaphore.availablePermits()).isOne();
  }

  @Test
  void aBranchOfANotifyThatLosesLeavesTheNotification() {
    Notify notify = new Notify();
    notify.notifyOne();
    claim.win(this);
    Task<Void> lost = start(notify.onNotified(), claim);
    assertThat(lost).isNotDone();
    lost.cancel(false);
    assertThat(start(notify.onNotified(), new Claim())).isDone();
  }

  @Test
  void readersAndWritersAreBranchesToo() {
    AsyncRwLock lock = new AsyncRwLock();
    Task<AsyncRwLock.ReadHeld> reader = start(lock.onRead(), new Claim());
    Task<AsyncRwLock.WriteHeld> writer = start(lock.onWrite(), claim);
    assertThat(writer).isNotDone();
    reader.join().close();
    assertThat(writer).isDone();
  }
}
