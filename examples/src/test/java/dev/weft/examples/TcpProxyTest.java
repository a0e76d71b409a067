package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class TcpProxyTest {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(TcpProxyTest.class);
  private static final Duration LONG = Duration.ofMinutes(5);

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private static TcpServer start(AsyncExecutor executor, TcpListener listener, TcpProxy proxy) {
    return TcpServer.start(executor, listener, proxy::serve);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  @Test
  void exchangesAreExactUnderLoadAndNothingIsLeftOfThem() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      underLoad(executor, executor::unended);
    }
  }

  @Test
  void exchangesAreExactUnderLoadInNodeMode() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      underLoad(executor, executor::unended);
    }
  }

  private static void underLoad(AsyncExecutor executor, Supplier<List<CloseReport.Unended>> unended)
      throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(Load.CLIENTS);
    try (Exchanges exchanges = new Exchanges()) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      int port = listener.localAddress().getPort();
      TcpServer server =
          start(executor, listener, new TcpProxy("127.0.0.1", exchanges.port(), LONG));
      List<Future<Long>> running = new ArrayList<>();
      for (int client = 0; client < Load.CLIENTS; client++) {
        Random random = new Random(client);
        running.add(clients.submit(() -> Load.repeat(() -> exchanges.once(port, random))));
      }
      for (Future<Long> client : running) {
        assertThat(client.get(10, TimeUnit.MINUTES)).isPositive();
      }
      Load.until("no client is left", () -> server.open() == 0);
      Load.until("no connection to the target is left", () -> exchanges.underWay() == 0);
      Load.until("no task is left", () -> unended.get().isEmpty());
      assertThat(exchanges.wrong()).isEmpty();
      assertThat(exchanges.exact()).isPositive().isEven();
      log.info("{}", exchanges);
      server.drain(Duration.ZERO).get();
      Load.until("its clients' sockets are closed", () -> OpenSockets.of(port) == 0);
      Load.until("those to the target are", () -> OpenSockets.to(exchanges.port()) == 0);
    } finally {
      clients.shutdown();
    }
  }

  @Test
  void whereTheTargetIsNotThereTheClientIsResetAndALineSaysSo() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(TcpProxy.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    int nobody;
    try (ServerSocket closedAtOnce = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = closedAtOnce.getLocalPort();
    }
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      start(executor, listener, new TcpProxy("127.0.0.1", nobody, LONG));
      for (int i = 0; i < 20; i++) {
        try (Socket client = connect(listener.localAddress().getPort())) {
          assertThatThrownBy(() -> client.getInputStream().read())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("reset");
        }
      }
      Load.until("a line", () -> !lines.list.isEmpty());
      assertThat(List.copyOf(lines.list).get(0).getFormattedMessage())
          .contains("was sent away: 127.0.0.1:" + nobody + ": Connection refused");
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void whereNothingMovesBothSidesAreReset() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      Duration shortTime = Duration.ofMillis(50);
      start(executor, listener, new TcpProxy("127.0.0.1", silent.getLocalPort(), shortTime));
      try (Socket client = connect(listener.localAddress().getPort());
          Socket target = silent.accept()) {
        target.setSoTimeout(60_000);
        assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
        assertThatThrownBy(() -> target.getInputStream().read()).hasMessageContaining("reset");
      }
    }
  }

  @Test
  void aDrainTellsTheTargetOfTheEndAndHasItsAnswerGoThrough() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        ServerSocket serving = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      TcpServer server =
          start(executor, listener, new TcpProxy("127.0.0.1", serving.getLocalPort(), LONG));
      try (Socket client = connect(listener.localAddress().getPort());
          Socket target = serving.accept()) {
        target.setSoTimeout(60_000);
        client.getOutputStream().write("question".getBytes());
        assertThat(target.getInputStream().readNBytes(8)).asString().isEqualTo("question");
        Future<TcpServer.DrainReport> drained = server.drain(Duration.ofMinutes(2));
        assertThat(target.getInputStream().read()).isEqualTo(-1);
        target.getOutputStream().write("answer".getBytes());
        target.close();
        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        assertThat(drained.get(2, TimeUnit.MINUTES).ended()).isEqualTo(1);
      }
    }
  }
}
