package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import dev.weft.sync.AsyncBarrier;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code Task.asyncStackTrace} says a call waits for, by the operation that it awaits. */
class AwaitedOperationsTest {
  @EachGround
  void aReadIsToldWithItsPeer(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      Task<ByteBuf> read = HandWritten.awaiting(pair.executor, pair.stream.read());

      assertThat(read.asyncStackTrace().state())
          .isEqualTo("waits for a read from " + pair.stream)
          .contains(String.valueOf(pair.peer.getLocalPort()));
    }
  }

  @EachGround
  void anAcceptIsToldWithItsListener(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      Task<TcpStream> accept = HandWritten.awaiting(pair.executor, pair.listener.accept());

      assertThat(accept.asyncStackTrace().state())
          .isEqualTo("waits for a connection at " + pair.listener);
    }
  }

  @Test
  void aSleepIsToldWithTheTimeThatIsLeft() {
    VirtualClock clock = new VirtualClock();
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().clock(clock).build()) {
      CountDownLatch over = new CountDownLatch(1);
      // A virtual clock stands still while a blocking call is under way.
      Task<Boolean> held = executor.spawnBlocking(() -> over.await(1, TimeUnit.MINUTES));
      Task<Void> sleep = HandWritten.awaiting(executor, executor.sleep(Duration.ofMillis(1500)));

      assertThat(sleep.asyncStackTrace().state()).isEqualTo("waits for a sleep, 1.500 s left");
      over.countDown();
      assertThat(held.join()).isTrue();
    }
  }

  @Test
  void aBlockingCallIsToldWithItsThread() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      CountDownLatch over = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      Thread[] thread = new Thread[1];
      Task<Boolean> call =
          executor.spawnBlocking(
              () -> {
                thread[0] = Thread.currentThread();
                begun.countDown();
                return over.await(1, TimeUnit.MINUTES);
              });
      Task<Boolean> waiting = HandWritten.awaiting(executor, call);
      begun.await();

      assertThat(waiting.asyncStackTrace().state())
          .isEqualTo("waits for a blocking call on the thread " + thread[0].getName());
      over.countDown();
      assertThat(waiting.join()).isTrue();
    }
  }

  @Test
  void locksAreToldByTheirNames() {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      AsyncMutex mutex = new AsyncMutex();
      AsyncSemaphore semaphore = new AsyncSemaphore(0);
      AsyncBarrier barrier = new AsyncBarrier(2);
      assertThat(mutex.tryLock()).isNotNull();
      Task<?> lock = HandWritten.awaiting(executor, mutex.lock());
      Task<?> permit = HandWritten.awaiting(executor, semaphore.acquire());
      Task<?> arrival = HandWritten.awaiting(executor, barrier.arrive());

      assertThat(lock.asyncStackTrace().state())
          .isEqualTo(
              "waits for its turn at AsyncMutex[locked]@"
                  + Integer.toHexString(System.identityHashCode(mutex)));
      assertThat(permit.asyncStackTrace().state())
          .startsWith("waits for its turn at AsyncSemaphore[0 permits]@");
      assertThat(arrival.asyncStackTrace().state())
          .isEqualTo("waits for the others at AsyncBarrier[1 of 2]");
      lock.cancel(true);
      permit.cancel(true);
      arrival.cancel(true);
    }
  }

  @Test
  void aShieldThatRestsIsNotWokenByTheLook() {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      Task<String> never = new Task<>();
      Task<String> shield = Async.shield(never);
      Task<String> waiting = HandWritten.awaiting(executor, shield);
      waiting.cancel(true);
      assertThat(waiting.finished().join()).isNull();

      assertThat(shield.asyncStackTrace().state())
          .isEqualTo("waits for nothing, as nobody awaits it");
      assertThat(shield.asyncStackTrace().state()) // as before: the look has not changed it
          .isEqualTo("waits for nothing, as nobody awaits it");
    }
  }
}
