package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.http.HttpOptions;
import dev.weft.http.HttpServer;
import dev.weft.net.TcpListener;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StaticFilesTest {
  private static final byte[] LARGE = new byte[3 << 20];

  static {
    new Random(1).nextBytes(LARGE);
  }

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void writeFiles() throws Exception {
    Files.writeString(temporary.resolve("secret.txt"), "secret");
    folder = Files.createDirectory(temporary.resolve("site")).toRealPath();
    Files.writeString(folder.resolve("index.html"), "<p>hello");
    Files.write(folder.resolve("large.bin"), LARGE);
    Files.writeString(folder.resolve("a b.txt"), "a b");
    Files.createSymbolicLink(folder.resolve("link"), temporary.resolve("secret.txt"));
  }

  private HttpServer start(AsyncExecutor executor, TcpListener listener) {
    return HttpServer.start(
        executor,
        listener,
        new StaticFiles(folder)::handle,
        HttpOptions.defaults().requestLimit(1_000_000));
  }

  private static HttpURLConnection get(int port, String target) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + target).toURL().openConnection();
    connection.setReadTimeout(120_000);
    return connection;
  }

  @Test
  void filesOfTheFolderAndNoOther() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      int port = listener.localAddress().getPort();
      start(executor, listener);
      HttpURLConnection index = get(port, "/");
      assertThat(index.getInputStream().readAllBytes()).asString().isEqualTo("<p>hello");
      assertThat(index.getContentType()).isEqualTo("text/html");
      assertThat(get(port, "/a%20b.txt").getInputStream().readAllBytes())
          .asString()
          .isEqualTo("a b");
      assertThat(get(port, "/large.bin").getInputStream().readAllBytes()).isEqualTo(LARGE);
      for (String target :
          new String[] {"/none", "/../secret.txt", "/%2e%2e/secret.txt", "/link", "/a%00b", "//"}) {
        assertThat(get(port, target).getResponseCode()).as(target).isIn(404, 200);
        if (get(port, target).getResponseCode() == 200) {
          assertThat(target).isEqualTo("//"); // which is the index
        }
      }
      HttpURLConnection deleting = get(port, "/index.html");
      deleting.setRequestMethod("DELETE");
      assertThat(deleting.getResponseCode()).isEqualTo(405);
    }
  }

  @Test
  void underLoadWithDisconnectsNothingIsLeft() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      underLoad(executor, executor::unended);
    }
  }

  @Test
  void underLoadInNodeMode() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      underLoad(executor, executor::unended);
    }
  }

  private void underLoad(AsyncExecutor executor, Supplier<List<CloseReport.Unended>> unended)
      throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(Load.CLIENTS);
    try {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      int port = listener.localAddress().getPort();
      HttpServer server = start(executor, listener);
      List<Future<Long>> running = new ArrayList<>();
      for (int client = 0; client < Load.CLIENTS; client++) {
        Random random = new Random(client);
        running.add(clients.submit(() -> Load.repeat(() -> once(port, random))));
      }
      for (Future<Long> client : running) {
        assertThat(client.get(10, TimeUnit.MINUTES)).isPositive();
      }
      Load.until("no connection is left", () -> server.open() == 0);
      server.drain(Duration.ZERO).get();
      Load.until("no task is left", () -> unended.get().isEmpty());
      Load.until("no socket is left", () -> OpenSockets.of(port) == 0);
    } finally {
      clients.shutdown();
    }
  }

  /** One file, or a part of it, after which the client leaves as it likes. */
  private static void once(int port, Random random) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(120_000);
      String request = "GET /large.bin HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
      byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
      if (random.nextInt(10) == 0) {
        socket.getOutputStream().write(bytes, 0, random.nextInt(bytes.length));
        return;
      }
      socket.getOutputStream().write(bytes);
      InputStream in = socket.getInputStream();
      if (random.nextInt(3) > 0) {
        in.readNBytes(random.nextInt(LARGE.length));
        if (random.nextBoolean()) {
          socket.setSoLinger(true, 0); // a reset
        }
        return;
      }
      String head = "";
      while (!head.endsWith("\r\n\r\n")) {
        head += (char) in.read();
      }
      assertThat(in.readAllBytes()).isEqualTo(LARGE);
    }
  }
}
