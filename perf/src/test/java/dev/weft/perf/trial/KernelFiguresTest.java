package dev.weft.perf.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the trials read from the kernel and the JVM, in the formats in which it stands there. */
class KernelFiguresTest {
  private static List<String> counters(int resets, int aborts) {
    return List.of(
        "Ip: Forwarding OutRsts",
        "Ip: 1 999",
        "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn InErrs OutRsts",
        "Tcp: 1 200 120000 -1 0 " + resets,
        "TcpExt: SyncookiesSent ListenDrops TCPAbortOnClose",
        "TcpExt: 0 3 " + aborts,
        "IpExt: InNoRoutes",
        "IpExt: 7");
  }

  @Test
  void countersAreTcpsAndCountFromAnEarlierLook() {
    TcpCounters before = TcpCounters.parse(counters(10, 4));
    TcpCounters grown = TcpCounters.parse(counters(17, 6)).since(before);

    assertThat(before.get("OutRsts")).isEqualTo(10);
    assertThat(before.get("MaxConn")).isEqualTo(-1);
    assertThat(before.get("InNoRoutes")).as("another protocol's").isZero();
    assertThat(grown.get("OutRsts")).isEqualTo(7);
    assertThat(grown.get("TCPAbortOnClose")).isEqualTo(2);
    assertThat(grown.get("ListenDrops")).isZero();
    assertThat(grown.get("NotThere")).isZero();
    assertThat(Blame.resetsBesidesPrograms(grown)).isEqualTo(5);
  }

  @Test
  void memoryOfSocketsIsInPages() throws IOException {
    assertThat(
            TcpCounters.socketBytes(
                List.of(
                    "sockets: used 9", "TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 3", "UDP: mem 8")))
        .isEqualTo(3 * 4096);
    assertThatThrownBy(() -> TcpCounters.socketBytes(List.of("sockets: used 9")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void threadsStandInTheStatus() throws IOException {
    assertThat(ServerSample.threads(List.of("Name:\tjava", "Threads:\t18", "SigQ:\t0/9")))
        .isEqualTo(18);
    assertThatThrownBy(() -> ServerSample.threads(List.of("Name:\tjava")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void memoryAllowedIsHeapAndDirectMemory() throws IOException {
    long without = Overload.allowed("-XX:InitialHeapSize=7 -XX:MaxHeapSize=1000 -XX:+UseSerialGC");
    long with = Overload.allowed("-XX:MaxDirectMemorySize=300 -XX:MaxHeapSize=1000");

    assertThat(without - with).isEqualTo(1000 - 300);
    assertThatThrownBy(() -> Overload.allowed("no flags")).isInstanceOf(IOException.class);
  }

  @Test
  void liveCallsAndSocketsAreCountedByClass() throws IOException {
    String histogram =
        """
        1234:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         20000        2400000  [B (java.base@17)
           2:            12           2512  [Ldev.weft.frame.Frame;
           3:            40            960  dev.weft.echo.EchoHandler$weft$echo
           4:             1             64  dev.weft.echo.EchoServer$weft$serve
           5:             2             64  [Ldev.weft.echo.EchoHandler$weft$echo;
           6:            40           4480  io.netty.channel.epoll.EpollSocketChannel
           7:             1            112  io.netty.channel.epoll.EpollServerSocketChannel
           8:            40            112  io.netty.channel.epoll.EpollSocketChannelConfig
           9:             2            112  io.netty.channel.socket.nio.NioSocketChannel
        Total         20139        2408304
        """;

    LiveObjects objects = LiveObjects.parse(histogram);
    assertThat(objects.calls()).isEqualTo(41);
    assertThat(objects.sockets()).isEqualTo(42);
    assertThatThrownBy(() -> LiveObjects.parse("1234: no such process"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void memoryMayGrowByATenthOrSixteenMebibytes() {
    long mebi = 1 << 20;
    assertThat(Soak.isWithinNoise(80 * mebi, 96 * mebi)).isTrue();
    assertThat(Soak.isWithinNoise(80 * mebi, 97 * mebi)).isFalse();
    assertThat(Soak.isWithinNoise(400 * mebi, 440 * mebi)).isTrue();
    assertThat(Soak.isWithinNoise(400 * mebi, 441 * mebi)).isFalse();
    assertThat(Soak.isWithinNoise(400 * mebi, 100 * mebi)).isTrue();
  }
}
