package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.Logged;
import dev.weft.SlowPoll;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first of a site is told, the others are counted, and neither log nor memory is filled. */
@Timeout(120)
class SlowPollsTest {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @RegisterExtension
  final Logged logged =
      new Logged(
          SlowPolls.class,
          event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            if (event.getFormattedMessage().contains("executor made-up")
                || event.getFormattedMessage().contains("made-up-worker")) {
              lines.add(event.getFormattedMessage());
            }
          });

  private final SlowPolls polls = new SlowPolls("made-up", Duration.ofMillis(100), false);

  /** By a clock that goes over its end. */
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

  private static StackTraceElement line(int number) {
    return new StackTraceElement("shop.Orders", "pay", "Orders.java", number);
  }

  private SlowPoll poll(int place, @Nullable StackTraceElement await) {
    return polls.found(
        new SlowPoll(
            Instant.EPOCH,
            "made-up",
            "made-up-worker-0",
            false,
            "task reader",
            await,
            null,
            false,
            line(place),
            "do it elsewhere",
            List.of(line(place)),
            Duration.ofMillis(101),
            false,
            null,
            0),
        "shop.Reader",
        now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
    polls.tellRest(now);
  }

  private List<String> written() {
    Logged.flush();
    List<String> all = List.copyOf(lines);
    lines.clear();
    return all;
  }

  @Test
  void theFirstOfASiteIsToldWithItsStack() {
    poll(12, line(9));
    assertThat(written())
        .containsExactly(
            "The worker made-up-worker-0 was kept for 101 ms so far by one poll of task reader, and"
                + " all that waits for this worker waits with it. It computes at"
                + " shop.Orders.pay(Orders.java:12): do it elsewhere. It was resumed at the await"
                + " at shop.Orders.pay(Orders.java:9). The stack:\n"
                + "    at shop.Orders.pay(Orders.java:12)");
  }

  @Test
  void theOthersAreCountedAndSaidOnceAMinute() {
    for (int i = 1; i <= 1000; i++) {
      assertThat(poll(12, null).ofSite()).isEqualTo(i);
    }
    pass(Duration.ofSeconds(59));
    assertThat(written()).hasSize(1);
    pass(Duration.ofSeconds(2));
    assertThat(written())
        .singleElement()
        .asString()
        .startsWith("999 more slow polls of the executor made-up, 1000 so far, the last one: The");
    pass(Duration.ofDays(1));
    assertThat(written()).isEmpty();
    poll(12, null);
    polls.close();
    polls.close();
    assertThat(written()).singleElement().asString().startsWith("1 more slow poll of");
    assertThat(polls.count()).isEqualTo(1001);
  }

  @Test
  void anotherLineOrAnotherAwaitIsAnotherSite() {
    poll(12, line(9));
    poll(13, line(9));
    poll(12, line(8));
    poll(12, null);
    assertThat(written()).hasSize(4);
  }

  @Test
  void moreSitesThanAnybodyRepairsShareAPlace() {
    for (int i = 0; i < 10_000; i++) {
      poll(i, null);
    }
    assertThat(written()).hasSize(SlowPolls.MAX_SITES + 1);
    assertThat(polls.recent()).hasSize(SlowPolls.KEPT);
    assertThat(polls.recent().get(SlowPolls.KEPT - 1).place()).isEqualTo(line(9_999));
    pass(Duration.ofMinutes(2));
    assertThat(written())
        .singleElement()
        .asString()
        .startsWith((9_999 - SlowPolls.MAX_SITES) + " more slow polls of the executor made-up, at");
    poll(20_000, null);
    assertThat(written()).as("in the same minute").isEmpty();
    pass(Duration.ofMinutes(2));
    assertThat(written()).singleElement().asString().startsWith("1 more slow poll of");
    pass(Duration.ofMinutes(2));
    poll(20_002, null);
    assertThat(written())
        .as("a whole one, as the last minute had none")
        .singleElement()
        .asString()
        .contains("Orders.java:20002", "The stack:");
  }

  @Test
  void oneThatIsOverStandsWhereItStood() {
    SlowPoll first = poll(1, null);
    SlowPoll second = poll(2, null);
    polls.over(first, Duration.ofSeconds(3));
    assertThat(polls.recent()).hasSize(2);
    assertThat(polls.recent().get(0).over()).isTrue();
    assertThat(polls.recent().get(0).duration()).isEqualTo(Duration.ofSeconds(3));
    assertThat(polls.recent().get(0).place()).isEqualTo(line(1));
    assertThat(polls.recent().get(1)).isEqualTo(second);
    for (int i = 0; i < SlowPolls.KEPT; i++) {
      poll(3, null);
    }
    polls.over(second, Duration.ofSeconds(4));
    assertThat(polls.recent()).as("it has gone").noneMatch(SlowPoll::over);
    assertThat(polls.count()).isEqualTo(SlowPolls.KEPT + 2);
  }
}
