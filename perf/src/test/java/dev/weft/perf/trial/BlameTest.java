package dev.weft.perf.trial;

import static dev.weft.perf.trial.ShortConnections.Kind.REFUSED;
import static dev.weft.perf.trial.ShortConnections.Kind.RESET_EARLY;
import static dev.weft.perf.trial.ShortConnections.Kind.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.perf.trial.ShortConnections.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A failed connection is the kernel's fault only if everything speaks for that. */
class BlameTest {
  private static final List<String> OUTPUT =
      List.of(
          "Server listening on 127.0.0.1:4711",
          "Accepted connection from: 127.1.0.2:10000",
          "Connection closed by 127.1.0.2:10000",
          "Accepted connection from: 127.1.0.2:10001");

  private static TcpCounters counted(int resets, int aborts) {
    return TcpCounters.parse(
        List.of("Tcp: OutRsts", "Tcp: " + resets, "TcpExt: TCPAbortOnClose", "TcpExt: " + aborts));
  }

  private static Failure failure(int port, ShortConnections.Kind kind) {
    return new Failure("127.1.0.2:" + port, kind, "");
  }

  private static Blame blame(TcpCounters counted, Failure... failures) {
    return Blame.of(List.of("127.1.0.2:10000"), List.of(failures), OUTPUT, counted);
  }

  @Test
  void aResetBeforeAnyServerHadAcceptedIsTheKernels() {
    Blame blame = blame(counted(1, 0), failure(10_007, RESET_EARLY));

    assertThat(blame.kernel()).isEqualTo(1);
    assertThat(blame.serversFailures()).isZero();
    assertThat(blame.unknown()).isZero();
  }

  @Test
  void whatAServerHadAcceptedIsItsOwn() {
    assertThat(blame(counted(1, 0), failure(10_001, RESET_EARLY)).servers())
        .isEqualTo(Map.of(RESET_EARLY, 1));
  }

  @Test
  void whatTheKernelCountsAsClosedByAProgramIsTheServers() {
    Blame blame = blame(counted(2, 1), failure(10_007, RESET_EARLY), failure(10_008, RESET_EARLY));

    assertThat(blame.kernel()).isEqualTo(1);
    assertThat(blame.servers()).isEqualTo(Map.of(RESET_EARLY, 1));
  }

  @Test
  void noOtherFailureIsTheKernels() {
    Blame blame = blame(counted(9, 0), failure(10_007, REFUSED), failure(10_008, SHORT));

    assertThat(blame.kernel()).isZero();
    assertThat(blame.servers()).isEqualTo(Map.of(REFUSED, 1, SHORT, 1));
  }

  @Test
  void outputThatLacksAServedConnectionTellsNothing() {
    Blame blame =
        Blame.of(List.of("127.1.0.2:10000", "127.1.0.2:10002"), List.of(), OUTPUT, counted(0, 0));

    assertThat(blame.unknown()).isEqualTo(1);
  }

  @Test
  void everyConnectionHasASourceOfItsOwn() {
    assertThat(ShortConnections.source(3, 0)).isEqualTo(ShortConnections.source(3, 0));
    assertThat(ShortConnections.source(3, 19_999).getPort()).isLessThan(32_768);
    assertThat(ShortConnections.source(3, 20_000)).isNotEqualTo(ShortConnections.source(3, 0));
    assertThat(ShortConnections.source(4, 0)).isNotEqualTo(ShortConnections.source(3, 0));
    assertThat(ShortConnections.source(249, 4_999_999).getAddress().isLoopbackAddress()).isTrue();
  }
}
