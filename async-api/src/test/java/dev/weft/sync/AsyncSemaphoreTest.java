package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** Permits are neither lost nor made, and who came first is served first. */
class AsyncSemaphoreTest {
  private final AsyncSemaphore semaphore = new AsyncSemaphore(3);

  @Test
  void thereAreAsManyAsThereAre() {
    assertThat(semaphore.acquire(2)).isDone();
    assertThat(semaphore.acquire()).isDone();
    Task<AsyncSemaphore.Permit> next = semaphore.acquire();
    assertThat(next).isNotDone();
    semaphore.release();
    next.join().close();
    assertThat(semaphore.availablePermits()).isOne();
  }

  @Test
  void aPermitGivesBackAsManyAsItIs() {
    AsyncSemaphore.Permit permit = semaphore.acquire(3).join();
    assertThat(permit.number()).isEqualTo(3);
    assertThat(semaphore.availablePermits()).isZero();
    permit.close();
    assertThat(semaphore.availablePermits()).isEqualTo(3);
  }

  @Test
  void aBigRequestIsNotStarved() {
    semaphore.acquire().join();
    Task<AsyncSemaphore.Permit> big = semaphore.acquire(3);
    Task<AsyncSemaphore.Permit> small = semaphore.acquire();
    assertThat(small).isNotDone();
    assertThat(semaphore.tryAcquire()).isNull();
    semaphore.release();
    assertThat(big).isDone();
    assertThat(small).isNotDone();
    big.join().close();
    assertThat(small).isDone();
  }

  @Test
  void whenABigRequestIsWithdrawnTheSmallOnesGoOn() {
    semaphore.acquire().join();
    Task<AsyncSemaphore.Permit> big = semaphore.acquire(3);
    Task<AsyncSemaphore.Permit> small = semaphore.acquire();
    Task<AsyncSemaphore.Permit> another = semaphore.acquire(2);
    big.cancel(false);
    assertThat(small).isDone();
    assertThat(another).isNotDone();
    semaphore.release();
    assertThat(another).isDone();
  }

  @Test
  void oneReleaseServesSeveral() {
    semaphore.acquire(3).join();
    Task<AsyncSemaphore.Permit> one = semaphore.acquire();
    Task<AsyncSemaphore.Permit> two = semaphore.acquire(2);
    semaphore.release(3);
    assertThat(one).isDone();
    assertThat(two).isDone();
    assertThat(semaphore.availablePermits()).isZero();
  }

  @Test
  void whoeverMakesPermitsMakesThem() {
    semaphore.release(2);
    assertThat(semaphore.tryAcquire(5)).isNotNull();
    assertThat(semaphore.tryAcquire()).isNull();
    semaphore.release(Integer.MAX_VALUE);
    assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
    assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void zeroIsFreeUnlessOthersWait() {
    assertThat(new AsyncSemaphore(0).acquire(0)).isDone();
    Task<AsyncSemaphore.Permit> waiting = semaphore.acquire(4);
    Task<AsyncSemaphore.Permit> none = semaphore.acquire(0);
    assertThat(none).isNotDone();
    waiting.cancel(false);
    assertThat(none).isDone();
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatThrownBy(() -> new AsyncSemaphore(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> semaphore.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> semaphore.tryAcquire(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> semaphore.release(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSameNumberAgainIsTheSameTask() {
    Task<AsyncSemaphore.Permit> two = semaphore.acquire(2);
    two.join().close();
    assertThat(semaphore.acquire(2)).isSameAs(two);
  }
}
