package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.junit.AsyncTest;
import dev.weft.sync.Mpsc;
import dev.weft.sync.MpscSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

class BatchesTest {
  private static Task<@Nullable Void> speak(MpscSender<String> lines) {
    try (lines) {
      for (int i = 0; i < 10; i++) {
        await(lines.send("" + i));
      }
      await(Async.sleep(Duration.ofMillis(1_500))); // two were left over: they go at the next tick
      await(lines.send("10"));
    }
    return done();
  }

  @AsyncTest(seeds = 50)
  Task<@Nullable Void> batchesAreFullOrInTime() {
    Mpsc<String> lines = Mpsc.bounded(2);
    Mpsc<Integer> numbers = Mpsc.bounded(2);
    Mpsc<List<Integer>> batches = Mpsc.bounded(1);
    Task<@Nullable Void> speaker = Async.spawn("speak", () -> speak(lines.sender()));
    Task<@Nullable Void> parser =
        Async.spawn(
            "parse", () -> Batches.parse(lines.receiver(), Integer::valueOf, numbers.sender()));
    Task<@Nullable Void> gatherer =
        Async.spawn(
            "gather",
            () -> Batches.gather(numbers.receiver(), 4, Duration.ofSeconds(1), batches.sender()));
    List<Integer> all = new ArrayList<>();
    int count = 0;
    for (List<Integer> batch; (batch = await(batches.receiver().receive())) != null; ) {
      assertThat(batch).hasSizeBetween(1, 4);
      all.addAll(batch);
      count++;
    }
    assertThat(all).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(count).isEqualTo(4);
    await(speaker);
    await(parser);
    await(gatherer);
    return done();
  }
}
