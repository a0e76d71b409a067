package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.queue.NumberedFrame;
import org.junit.jupiter.api.Test;

/** When what is queued at a worker may be taken by others. */
class BacklogTest {
  private final WorkerCounters counters = new WorkerCounters();
  private final LocalQueue queue = new LocalQueue(1024);
  private final Pace pace = new Pace(counters);
  private final Backlog backlog =
      new Backlog(queue, pace, new SignsOfLife(counters, queue, Thread.currentThread()));
  private long now;

  @Test
  void whatIoHasWokenIsLeftToItsWorker() {
    batch(10, 1_000);
    batch(10, 1_000);
    backlog.beginBatch();
    push(10);
    assertThat(backlog.offerIfWorthIt()).isFalse();
    assertThat(backlog.isOffered()).isFalse();
  }

  @Test
  void muchOfItIsOffered() {
    batch(10, 1_000);
    batch(10, 1_000);
    backlog.beginBatch();
    push(400);
    assertThat(backlog.offerIfWorthIt()).isFalse();
    push(200);
    assertThat(backlog.offerIfWorthIt()).isTrue();
    assertThat(backlog.isOffered()).isTrue();
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
    backlog.beginBatch();
    push(1);
    assertThat(backlog.isOffered()).isTrue();
    while (queue.pop() != null) {
      // all of it
    }
    assertThat(backlog.isOffered()).isTrue();
    backlog.beginBatch();
    assertThat(backlog.isOffered()).isFalse();
  }

  /** Polls that take so long each. */
  private void batch(int polls, long nanos) {
    pace.begin(now);
    for (int i = 0; i < polls; i++) {
      pace.countPoll();
    }
    now += polls * nanos;
    pace.update(now);
  }

  private void push(int frames) {
    for (int i = 0; i < frames; i++) {
      queue.push(new NumberedFrame(i));
    }
  }
}
