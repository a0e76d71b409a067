package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.queue.NumberedFrame;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what is queued at a worker may be taken by others. */
class BacklogTest {
  private final WorkerCounters counters = new WorkerCounters();
  private final LocalQueue queue = new LocalQueue(1024);
  private final Pace pace = new Pace(counters);
  private final Backlog backlog =
      new Backlog(queue, pace, new SignsOfLife(counters, queue, Thread.currentThread()));
  private long now;

  @BeforeEach
  void begin() {
    backlog.batchBegins(now);
  }

  @Test
  void whatIoHasWokenIsLeftToItsWorker() {
    batch(10, 1_000);
    batch(10, 1_000);
    backlog.beforeBatch();
    push(10);
    assertThat(backlog.offerIfWorthIt()).isFalse();
    assertThat(backlog.isOffered(now)).isFalse();
  }

  @Test
  void muchOfItIsOffered() {
    batch(10, 1_000);
    batch(10, 1_000);
    backlog.beforeBatch();
    push(400);
    assertThat(backlog.offerIfWorthIt()).isFalse();
    push(200);
    assertThat(backlog.offerIfWorthIt()).isTrue();
    assertThat(backlog.isOffered(now)).isTrue();
  }

  @Test
  void fewThatTakeLongAreOffered() {
    batch(10, 30_000);
    batch(10, 30_000);
    push(2);
    assertThat(backlog.offerIfWorthIt()).isTrue();
  }

  @Test
  void oneBatchThatTookLongSaysNothing() {
    batch(10, 1_000);
    batch(10, 1_000_000);
    push(10);
    assertThat(backlog.offerIfWorthIt()).isFalse();
    batch(10, 1_000);
    assertThat(backlog.offerIfWorthIt()).isFalse();
  }

  @Test
  void sendingDoesNotCount() {
    for (int i = 0; i < 2; i++) {
      pace.countSending(90_000);
      batch(10, 10_000); // of which a tenth is its own
    }
    push(10);
    assertThat(backlog.offerIfWorthIt()).isFalse();
  }

  /** The polls before have not said that these take longer. */
  @Test
  void whatIsStillThereAfterAWhileIsOffered() {
    batch(10, 1_000);
    batch(10, 1_000);
    push(10);
    backlog.batchBegins(now);
    assertThat(backlog.isOffered(now + 500_000)).isFalse();
    assertThat(backlog.isOffered(now + 500_001)).isTrue();
  }

  /** A worker that has polled nothing yet takes a poll for what Tokio takes it for. */
  @Test
  void aNewWorkerOffersToo() {
    push(200);
    assertThat(backlog.offerIfWorthIt()).isTrue();
  }

  @Test
  void whatWasOfferedStaysSoUntilItIsTaken() {
    push(2);
    backlog.offer();
    backlog.beforeBatch();
    push(1);
    assertThat(backlog.isOffered(now)).isTrue();
    while (queue.pop() != null) {
      // all of it
    }
    assertThat(backlog.isOffered(now)).isTrue();
    backlog.beforeBatch();
    assertThat(backlog.isOffered(now)).isFalse();
  }

  /** Polls that take so long each. */
  private void batch(int polls, long nanos) {
    pace.begin(now);
    for (int i = 0; i < polls; i++) {
      pace.countPoll();
    }
    now += polls * nanos;
    pace.update(now);
    backlog.batchBegins(now);
  }

  private void push(int frames) {
    for (int i = 0; i < frames; i++) {
      queue.push(new NumberedFrame(i));
    }
  }
}
