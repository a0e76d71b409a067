package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A server is also to be had on one processor, by its name. */
class OneCpuTest {
  private static final Contender WEFT =
      new Contender("weft-nio", "Weft, nio", List.of("java", "Peer", "--threads", "2"), null);

  private static final Contender ABSENT =
      new Contender("c", "C, epoll", List.of("c-server", "--threads", "2"), "c is not built");

  private static final List<Contender> ALL = List.of(WEFT, ABSENT);

  @Test
  void itRunsUnderTasksetWithOneThread() {
    Contender pinned = Run.named("weft-nio-one-cpu", ALL);

    assertThat(pinned.name()).isEqualTo("weft-nio-one-cpu");
    assertThat(pinned.title()).isEqualTo("Weft, nio, one processor");
    assertThat(pinned.command()).startsWith("taskset", "-c").endsWith("--threads", "1");
    assertThat(pinned.command().get(2)).matches("[0-9]+");
  }

  @Test
  void virtualThreadsHaveOneCarrierThen() {
    String carriers = "-Djdk.virtualThreadScheduler.parallelism=";
    List<String> command = List.of("java", carriers + 2, "Peer", "--threads", "2");
    Contender pinned = Contenders.onOneCpu(new Contender("v", "V", command, null));

    assertThat(pinned.command()).contains(carriers + 1).doesNotContain(carriers + 2);
  }

  @Test
  void whatKeepsTheServerFromRunningKeepsThisToo() {
    assertThat(Run.named("c-one-cpu", ALL).missing()).isEqualTo("c is not built");
  }

  @Test
  void itMayBeMeasuredAgain() {
    Contender again = Run.named("weft-nio-one-cpu-again", ALL);

    assertThat(again.name()).isEqualTo("weft-nio-one-cpu-again");
    assertThat(again.command()).isEqualTo(Run.named("weft-nio-one-cpu", ALL).command());
  }

  @Test
  void ofNoServerThereIsNone() {
    assertThat(Run.named("none-one-cpu", ALL)).isNull();
    assertThat(Run.named("none-again", ALL)).isNull();
    assertThat(Run.named("weft", ALL)).isNull();
  }

  @Test
  void itIsTheFirstProcessorThatIsAllowed() {
    assertThat(Contenders.firstProcessor(List.of("Name:\tx", "Cpus_allowed_list:\t2-3,6")))
        .isEqualTo("2");
    assertThat(Contenders.firstProcessor(List.of("Cpus_allowed_list:\t11"))).isEqualTo("11");
    assertThat(Contenders.firstProcessor(List.of())).isEqualTo("0");
  }
}
