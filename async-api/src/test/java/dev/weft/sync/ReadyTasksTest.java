package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.frame.Await;
import org.junit.jupiter.api.Test;

/** What need not wait is one object for all, and so for one await, at once. */
class ReadyTasksTest {
  @Test
  void aLockThatIsFreeIsOneTask() {
    AsyncMutex mutex = new AsyncMutex();
    Task<AsyncMutex.Held> first = mutex.lock();
    Await.take(first).close();
    Task<AsyncMutex.Held> second = mutex.lock();
    assertThat(second).isSameAs(first);
    Await.take(second).close();

    AsyncRwLock lock = new AsyncRwLock();
    Task<AsyncRwLock.ReadHeld> reading = lock.read();
    assertThat(lock.read()).as("with two readers").isSameAs(reading);
    Await.take(reading).close();
    Await.take(reading).close();
    Task<AsyncRwLock.WriteHeld> writing = lock.write();
    Await.take(writing).close();
    assertThat(lock.write()).isSameAs(writing);
  }

  @Test
  void permitsThatAreThereAreOneTaskForEachNumber() {
    AsyncSemaphore semaphore = new AsyncSemaphore(10);
    Task<AsyncSemaphore.Permit> one = semaphore.acquire();
    assertThat(semaphore.acquire()).isSameAs(one).isSameAs(semaphore.acquire(1));
    Task<AsyncSemaphore.Permit> three = semaphore.acquire(3);
    assertThat(semaphore.acquire(3)).isSameAs(three);
    assertThat(semaphore.availablePermits()).isEqualTo(1);
  }

  @Test
  void aNotificationThatWasKeptIsOneTask() {
    Notify notify = new Notify();
    notify.notifyOne();
    Task<?> first = notify.notified();
    notify.notifyOne();
    assertThat(notify.notified()).isSameAs(first);
  }

  /** It does not know who looks at it. */
  @Test
  void twoThatAwaitOneSuchTaskBothGoOnWithOnePermit() {
    AsyncSemaphore semaphore = new AsyncSemaphore(2);
    Task<AsyncSemaphore.Permit> taken = semaphore.acquire();
    assertThat(Await.take(taken)).isSameAs(Await.take(taken));
    assertThat(semaphore.availablePermits()).isEqualTo(1);
  }

  /** There is a message in it, unlike a guard, and one has that. */
  @Test
  void aMessageThatIsThereIsForOneAwait() {
    Mpsc<String> channel = Mpsc.bounded(4);
    for (String message : new String[] {"a", "b", "c"}) {
      assertThat(channel.sender().trySend(message)).isTrue();
    }
    Task<String> first = channel.receiver().receive();
    assertThat(Await.take(first)).isEqualTo("a");
    assertThatThrownBy(() -> Await.take(first)).isInstanceOf(IllegalStateException.class);
    Task<String> second = channel.receiver().receive();
    assertThat(second).isSameAs(first);
    assertThat(Await.take(first)).as("whoever still has it").isEqualTo("b");
    assertThat(Await.take(channel.receiver().receive())).isEqualTo("c");
  }

  @Test
  void aSendThatFoundRoomIsOneTaskForAllAndForAnyNumberOfAwaits() {
    Task<?> first = Mpsc.<String>bounded(1).sender().send("a");
    Task<?> second = Mpsc.<Integer>unbounded().sender().send(1);
    assertThat(second).isSameAs(first);
    assertThat(Await.take(first)).isNull();
    assertThat(Await.take(first)).isNull();
  }
}
