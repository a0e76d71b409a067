package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.HandWritten;
import dev.weft.frame.ManualExecutor;
import dev.weft.select.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A method that uses a channel is cancelled at its k-th suspension, for every k, or its executor is
 * halted there. Afterwards every message is where it was, or with who got it.
 */
class ChannelCancellationTest {
  /** How a method is stopped while it waits. */
  private enum Stop {
    CANCELLED,
    CANCELLED_WHEN_WOKEN,
    HALTED_WHEN_WOKEN
  }

  private static final int MESSAGES = 4;

  private final ManualExecutor executor = new ManualExecutor();

  private void stop(HandWritten<?> call, Stop how, Runnable wake) {
    if (how == Stop.CANCELLED) {
      call.cancel(true);
      executor.runAll();
      wake.run();
    } else {
      wake.run();
      if (how == Stop.CANCELLED_WHEN_WOKEN) {
        call.cancel(true);
      } else {
        executor.rejectAll();
      }
    }
    // A select goes on at an executor that has threads, as the manual one is nobody's carrier.
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    do {
      executor.runAll();
      Thread.yield();
    } while (!call.isFinished() && System.nanoTime() < deadline);
    assertThat(call.isFinished()).as("" + how).isTrue();
  }

  private static List<String> drained(MpscReceiver<String> receiver) {
    List<String> left = new ArrayList<>();
    for (String message; (message = receiver.tryReceive()) != null; ) {
      left.add(message);
    }
    return left;
  }

  /** Receives in one of three ways. */
  private static CompletableFuture<String> receive(MpscReceiver<String> receiver, int way) {
    return switch (way) {
      case 0 -> receiver.receive();
      case 1 -> Select.<String>fair().on(receiver.onReceive(), it -> it).run();
      default ->
          Select.<String>fair()
              .on(() -> receiver.receive(), it -> it)
              .on(new CompletableFuture<String>(), it -> it)
              .run();
    };
  }

  @Test
  void aReceiverThatIsStoppedAtAnyAwaitLosesNothing() {
    for (Stop how : Stop.values()) {
      for (int way = 0; way < (how == Stop.HALTED_WHEN_WOKEN ? 1 : 3); way++) {
        for (int k = 0; k < MESSAGES; k++) {
          Mpsc<String> channel = Mpsc.bounded(MESSAGES);
          List<String> received = new ArrayList<>();
          int chosen = way;
          HandWritten<Void> call =
              Loops.call(executor, () -> receive(channel.receiver(), chosen), received::add);
          List<String> sent = new ArrayList<>();
          for (int i = 0; i < MESSAGES; i++) {
            String message = "m" + i;
            sent.add(message);
            if (i == k) {
              stop(call, how, () -> channel.sender().trySend(message));
            } else {
              channel.sender().trySend(message);
              executor.runAll();
            }
          }
          received.addAll(drained(channel.receiver()));
          assertThat(received).as(how + ", way " + way + ", at " + k).isEqualTo(sent);
        }
      }
    }
  }

  @Test
  void aSenderThatIsStoppedAtAnyAwaitHasSentOrNot() {
    for (Stop how : Stop.values()) {
      for (int k = 0; k < MESSAGES; k++) {
        Mpsc<String> channel = Mpsc.bounded(1);
        AtomicInteger next = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        channel.sender().trySend("first");
        HandWritten<Void> call =
            Loops.call(
                executor,
                () -> channel.sender().send("m" + next.getAndIncrement()),
                done -> sent.incrementAndGet());
        List<String> received = new ArrayList<>();
        for (int i = 0; i < k; i++) {
          received.add(channel.receiver().tryReceive());
          executor.runAll();
        }
        stop(call, how, () -> received.add(channel.receiver().tryReceive()));
        received.addAll(drained(channel.receiver()));
        // Who is halted has sent the message, and is told nothing any more.
        int untold = how == Stop.HALTED_WHEN_WOKEN ? 1 : 0;
        assertThat(received).as(how + ", at " + k).hasSize(1 + sent.get() + untold);
        assertThat(channel.sender().capacity()).isOne();
      }
    }
  }

  @Test
  void aPermitThatReachesNobodyIsGivenBack() {
    for (Stop how : Stop.values()) {
      Mpsc<String> channel = Mpsc.bounded(1);
      List<MpscPermit<String>> got = new ArrayList<>();
      channel.sender().trySend("first");
      HandWritten<Void> call =
          Loops.call(executor, () -> got.isEmpty() ? channel.sender().reserve() : null, got::add);
      stop(call, how, () -> channel.receiver().tryReceive());
      got.forEach(MpscPermit::close);
      assertThat(channel.sender().capacity()).as("" + how).isOne();
    }
  }

  @Test
  void aBroadcastReceiverThatIsStoppedMissesNothing() {
    for (Stop how : Stop.values()) {
      for (int k = 0; k < MESSAGES; k++) {
        Broadcast<Integer> channel = new Broadcast<>(MESSAGES);
        BroadcastReceiver<Integer> mine = channel.subscribe();
        List<Integer> received = new ArrayList<>();
        HandWritten<Void> call = Loops.call(executor, mine::receive, received::add);
        for (int i = 0; i < MESSAGES; i++) {
          int message = i;
          if (i == k) {
            stop(call, how, () -> channel.send(message));
          } else {
            channel.send(message);
            executor.runAll();
          }
        }
        for (Integer left; (left = mine.tryReceive()) != null; ) {
          received.add(left);
        }
        assertThat(received).as(how + ", at " + k).containsExactly(0, 1, 2, 3);
      }
    }
  }

  @Test
  void aChangeThatNobodyHasSeenComesAgain() {
    for (Stop how : Stop.values()) {
      Watch<Integer> watch = new Watch<>(0);
      WatchReceiver<Integer> mine = watch.subscribe();
      List<Integer> seen = new ArrayList<>();
      HandWritten<Void> call = Loops.call(executor, mine::changed, seen::add);
      stop(call, how, () -> watch.send(1));
      assertThat(seen.contains(1)).as("" + how).isNotEqualTo(mine.hasChanged());
    }
  }

  @Test
  void anAnswerThatReachesNobodyIsStillThere() {
    for (Stop how : Stop.values()) {
      Oneshot<String> oneshot = new Oneshot<>();
      List<String> got = new ArrayList<>();
      HandWritten<Void> call =
          Loops.call(executor, () -> got.isEmpty() ? oneshot.receiver().receive() : null, got::add);
      stop(call, how, () -> oneshot.sender().send("a"));
      String left = oneshot.receiver().tryReceive();
      assertThat(left == null).as("" + how).isEqualTo(got.contains("a"));
    }
  }
}
