package dev.weft.perf.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.perf.peer.PeerMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a start, and what as none. */
class StartingServerTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  @ParameterizedTest
  @CsvSource({
    "Server listening on 127.0.0.1:8080, 8080",
    "Server listening on [0:0:0:0:0:0:0:1]:65535, 65535",
    "port 40123, 40123"
  })
  void theFirstLineNamesThePort(String line, int port) {
    assertThat(StartingServer.port(line)).hasValue(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "port", "port x", "[0.1s][warning][cds] Server listening on it", "8080"})
  void anyOtherLineIsNoStart(String line) {
    assertThat(StartingServer.port(line)).isEmpty();
  }

  @Test
  void aServerEchoesAfterItHasSaidThatItListens() throws Exception {
    String path = System.getProperty("java.class.path");
    List<String> command =
        List.of(JAVA, "-cp", path, PeerMain.class.getName(), "netty-pool", "--transport", "nio");
    StartingServer.Start start = new StartingServer("peer", command, Map.of()).start();
    assertThat(start.listening()).isPositive().isLessThan(start.echoed());
  }

  @Test
  void itIsUsedBetweenItsFirstEchoAndItsEnd() throws Exception {
    String path = System.getProperty("java.class.path");
    List<String> command =
        List.of(JAVA, "-cp", path, PeerMain.class.getName(), "netty-pool", "--transport", "nio");
    List<Boolean> alive = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    new StartingServer("peer", command, Map.of())
        .start(
            (port, pid) -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              pids.add(pid);
              alive.add(ProcessHandle.of(pid).orElseThrow().isAlive());
            });
    assertThat(alive).containsExactly(true);
    assertThat(ProcessHandle.of(pids.get(0)).map(ProcessHandle::isAlive))
        .isNotEqualTo(Optional.of(true));
  }

  @Test
  void aServerThatDoesNotStartIsNamedWithWhatItSaid() {
    StartingServer server =
        new StartingServer("nobody", List.of(JAVA, "-no-such-option"), Map.of());
    assertThatThrownBy(server::start)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("nobody did not start: ")
        .hasMessageContaining("-no-such-option");
  }
}
