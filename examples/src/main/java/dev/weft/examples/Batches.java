package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.Interval;
import dev.weft.MissedTickBehavior;
import dev.weft.select.Select;
import dev.weft.sync.MpscReceiver;
import dev.weft.sync.MpscSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of three stages: what comes in is parsed, and goes on in batches: when one is full, or
 * when a second has passed, whichever comes first. Each stage is a task, the channels between them
 * are short, and a stage that is slow makes those before it wait.
 */
final class Batches {
  private enum Event {
    ELEMENT,
    TICK,
    END
  }

  private Batches() {}

  /** Parses lines, until there are no more; closes what it sends to. */
  static <T> CompletableFuture<@Nullable Void> parse(
      MpscReceiver<String> lines, Function<String, T> parser, MpscSender<T> parsed) {
    try (parsed) {
      for (String line; (line = await(lines.receive())) != null; ) {
        await(parsed.send(parser.apply(line)));
      }
    }
    return done();
  }

  /** Gathers elements, until there are no more; closes what it sends to. */
  static <T> CompletableFuture<@Nullable Void> gather(
      MpscReceiver<T> elements, int most, Duration period, MpscSender<List<T>> batches) {
    Interval ticker = Async.interval(period, MissedTickBehavior.DELAY);
    try (batches) {
      List<T> batch = new ArrayList<>();
      Event event = Event.TICK;
      while (event != Event.END) {
        List<T> current = batch;
        event =
            await(
                Select.<Event>biased()
                    .on(ticker::tick, tick -> Event.TICK)
                    .on(elements.onReceive(), element -> add(current, element))
                    .run());
        if (batch.size() == most || (event != Event.ELEMENT && !batch.isEmpty())) {
          await(batches.send(batch));
          batch = new ArrayList<>();
        }
      }
    }
    return done();
  }

  private static <T> Event add(List<T> batch, @Nullable T element) {
    return element != null && batch.add(element) ? Event.ELEMENT : Event.END;
  }
}
