package dev.weft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody who says something waits; what is dropped for that is said, and where it is missing. */
@Timeout(120)
class LogQueueTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> written = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final LogQueue queue =
      new LogQueue("log-test", 4, dropped -> written.add(dropped + " dropped"));

  private boolean say(String line) {
    return queue.offer(() -> written.add(line));
  }

  /** Has the log thread write something that does not come to an end until the release. */
  private void block() throws InterruptedException {
    queue.offer(
        () -> {
          stuck.countDown();
          await(release);
          written.add("blocked");
        });
    stuck.await();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theOrderOfEachThreadIsKept() throws Exception {
    LogQueue large = new LogQueue("log-test", 100_000, dropped -> {});
    ConcurrentLinkedQueue<int[]> lines = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int of = 0; of < 4; of++) {
      int name = of;
      threads.add(
          new Thread(
              () ->
                  IntStream.range(0, 20_000)
                      .forEach(i -> large.offer(() -> lines.add(new int[] {name, i})))));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(large.flush(LONG)).isTrue();
    assertThat(large.dropped()).isZero();
    assertThat(lines).hasSize(80_000);
    int[] next = new int[4];
    assertThat(lines).allMatch(line -> line[1] == next[line[0]]++);
  }

  @Test
  void aFullQueueDropsAndCountsAndSaysSoWhereItIsMissing() throws Exception {
    block();
    for (int i = 0; i < 4; i++) {
      assertThat(say("line " + i)).isTrue();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(say("too many")).isFalse();
    }
    assertThat(queue.dropped()).isEqualTo(100);
    release.countDown();
    assertThat(queue.flush(LONG)).isTrue();
    say("afterwards");
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written)
        .containsExactly(
            "blocked", "line 0", "line 1", "line 2", "line 3", "100 dropped", "afterwards");
    assertThat(queue.dropped()).isEqualTo(100);
  }

  /** As long as lines come faster than they are written the queue is never empty. */
  @Test
  void itIsSaidAlsoIfTheQueueIsNeverEmptyAgain() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    LogQueue busy = new LogQueue("log-test", 4, dropped -> said.countDown());
    Runnable again =
        new Runnable() {
          @Override
          public void run() {
            while (said.getCount() > 0 && busy.offer(this)) {
              // until it is full
            }
          }
        };
    busy.offer(again);
    said.await();
  }

  @Test
  void aFlushWaitsForItsBoundOnly() throws Exception {
    block();
    assertThat(queue.flush(Duration.ZERO)).isFalse();
    assertThat(queue.flush(Duration.ofSeconds(-1))).isFalse();
    assertThat(queue.flush(Duration.ofMillis(1))).isFalse();
    Thread.currentThread().interrupt();
    assertThat(queue.flush(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written).containsExactly("blocked");
  }

  @Test
  void onTheLogThreadNobodyWaitsForIt() {
    List<Boolean> flushed = new ArrayList<>();
    queue.offer(() -> flushed.add(queue.flush(LONG)));
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(flushed).containsExactly(false);
  }

  @Test
  void aWriteThatFailsOrInterruptsHarmsNoOther() {
    queue.offer(
        () -> {
          throw new StackOverflowError();
        });
    queue.offer(() -> Thread.currentThread().interrupt());
    say("next");
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written).contains("next", "1 dropped");
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void nothingFailsIfWhatSaysTheDroppedFails() {
    LogQueue broken =
        new LogQueue(
            "log-test",
            1,
            dropped -> {
              throw new IllegalStateException();
            });
    for (int i = 0; i < 10_000; i++) {
      broken.offer(() -> {});
    }
    assertThat(broken.flush(LONG)).isTrue();
    assertThat(broken.flush(LONG)).isTrue();
  }

  /** The thread ends when nothing comes, and may have just done so when the next line comes. */
  @Test
  void theThreadIsADaemonWithNothingOfTheCallerAndEnds() throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("inherited");
    List<@Nullable Object> seen = new ArrayList<>();
    Thread[] thread = new Thread[1];
    Thread.currentThread().setContextClassLoader(null);
    try {
      queue.offer(
          () -> {
            thread[0] = Thread.currentThread();
            seen.add(local.get());
            seen.add(thread[0].isDaemon());
            seen.add(thread[0].getContextClassLoader());
            seen.add(thread[0].getName());
          });
      assertThat(queue.flush(LONG)).isTrue();
    } finally {
      Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    }
    assertThat(seen).containsExactly(null, true, LogQueue.class.getClassLoader(), "log-test");
    thread[0].join();
    say("on another thread");
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written).containsExactly("on another thread");
  }

  @Test
  void aQueueWithoutRoomIsRefused() {
    assertThatThrownBy(() -> new LogQueue("log-test", 0, dropped -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be at least 1, and is 0");
  }
}
