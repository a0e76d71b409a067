package dev.weft.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A source that stops when the queue is full, beside a taker that changes its mind: of a text
 * nothing is lost, repeated or out of place, and nobody waits for ever. The queue holds so little
 * that it is full all the time.
 */
class HandOffStressTest {
  private static final int SECONDS = 60;
  private static final int LENGTH = 100_000;
  private static final int LIMIT = 6;

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final Texts texts = new Texts(LIMIT);
  private final Semaphore changed = new Semaphore(0);

  /** Who is to be cancelled by another thread. */
  private final SynchronousQueue<Task<?>> cancelled = new SynchronousQueue<>();

  private static String text(int from, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + length; i++) {
      text.append((char) ('a' + i % 23));
    }
    return text.toString();
  }

  @Test
  void theTextArrivesWhateverTheTakerDoes() throws Exception {
    System.out.println("HandOffStressTest: seed " + seed);
    texts.onChange = changed::release;
    FutureTask<@Nullable Void> source = new FutureTask<>(this::put, null);
    FutureTask<@Nullable Void> canceller = new FutureTask<>(this::cancel, null);
    Thread putting = new Thread(source, "source");
    Thread cancelling = new Thread(canceller, "canceller");
    putting.start();
    cancelling.start();
    try {
      String taken = take();
      assertThat(taken).as("seed %d", seed).isEqualTo(text(0, LENGTH));
      source.get(SECONDS, TimeUnit.SECONDS);
      assertThat(texts.held()).isZero();
      assertThat(texts.changes).contains(true, false);
    } finally {
      putting.interrupt();
      cancelling.interrupt();
      putting.join();
      cancelling.join();
    }
  }

  private void put() {
    Random random = new Random(seed);
    for (int at = 0; at < LENGTH; ) {
      int length = Math.min(LENGTH - at, 1 + random.nextInt(3));
      texts.put(text(at, length));
      at += length;
      while (texts.isFull()) { // until it says that it is not, which it must
        try {
          if (!changed.tryAcquire(SECONDS, TimeUnit.SECONDS) && texts.isFull()) {
            throw new AssertionError("full for " + SECONDS + " s, seed " + seed);
          }
        } catch (InterruptedException end) {
          return;
        }
      }
    }
    texts.end(() -> null);
  }

  private void cancel() {
    try {
      while (true) {
        cancelled.take().cancel(false);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private String take() throws Exception {
    Random random = new Random(~seed);
    StringBuilder taken = new StringBuilder();
    while (true) {
      Task<@Nullable String> taking =
          random.nextInt(3) == 0
              ? texts.take()
              : texts.take(new TextOf(texts, 1 + random.nextInt(2 * LIMIT)));
      switch (random.nextInt(8)) {
        case 0 -> taking.cancel(false);
        case 1 -> cancelled.put(taking);
        case 2 -> {
          Held.abandoned(taking);
          continue;
        }
        default -> {}
      }
      try {
        String text = taking.get(SECONDS, TimeUnit.SECONDS);
        if (text == null) {
          return taken.toString();
        }
        taken.append(text);
      } catch (CancellationException again) {
        // and what it had is the next one's
      }
    }
  }
}
