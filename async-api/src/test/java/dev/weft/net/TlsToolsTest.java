package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.WorkStealingExecutor;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With other people's TLS on the other side: openssl, curl, the JDK's HTTP client. */
@ExtendWith(LeakCheck.class)
@Timeout(180)
class TlsToolsTest {
  private static final Pki PKI = Pki.get();

  /** What openssl s_client takes for a command, at the start of a line. */
  private static final String RENEGOTIATE = "R\n";

  private static void assumeThereIs(String tool) {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> new File(folder, tool).canExecute());
    assumeTrue(there, () -> "there is no " + tool + " on this machine");
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(Net.SECONDS, TimeUnit.SECONDS)).as(said).isTrue();
    return said;
  }

  private static String flag(String version) {
    return version.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2";
  }

  // ---- openssl s_client

  private static String client(
      Transport transport, TlsAcceptor acceptor, String input, String... options) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo));
      List<String> command =
          new ArrayList<>(
              List.of(
                  "openssl",
                  "s_client",
                  "-connect",
                  "127.0.0.1:" + listener.localAddress().getPort(),
                  "-CAfile",
                  PKI.ca.toString()));
      command.addAll(List.of(options));
      if (!input.equals(RENEGOTIATE)) {
        command.add("-ign_eof"); // with that, it is a text as any other
      }
      Process process = start(command.toArray(new String[0]));
      try (OutputStream out = process.getOutputStream()) {
        out.write(input.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        CompletableFuture<String> said = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        byte[] part = new byte[4096];
        int length;
        boolean drained = false;
        while ((length = process.getInputStream().read(part)) >= 0) {
          text.append(new String(part, 0, length, StandardCharsets.US_ASCII));
          if (!drained && text.indexOf("echo me") >= 0) {
            drained = true;
            server.drain(java.time.Duration.ofSeconds(Net.SECONDS)); // the client sees the end
          }
        }
        said.complete(text.toString());
        return Net.get(said);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void opensslIsServed(Transport transport, String version) throws Exception {
    assumeThereIs("openssl");
    String said =
        client(
            transport,
            Tls.acceptor().alpn("h2", "http/1.1").build(),
            "echo me\n",
            flag(version),
            "-servername",
            "localhost",
            "-alpn",
            "http/1.1");
    assertThat(said)
        .contains("Verify return code: 0 (ok)")
        .contains("ALPN protocol: http/1.1")
        .contains(version)
        .contains("echo me");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void opensslShowsItsCertificate(Transport transport, String version) throws Exception {
    assumeThereIs("openssl");
    TlsAcceptor strict =
        Tls.acceptor().clientAuth(TlsAcceptor.ClientAuth.REQUIRE).trust(PKI.ca).build();
    String said =
        client(
            transport,
            strict,
            "echo me\n",
            flag(version),
            "-cert",
            PKI.client.chain.toString(),
            "-key",
            PKI.client.key.toString());
    assertThat(said).contains("echo me");
    assertThat(client(transport, strict, "echo me\n", flag(version)))
        .doesNotContain("echo me")
        .containsPattern("alert (certificate required|bad certificate|handshake failure)");
    assertThat(strict.failedHandshakes()).isEqualTo(1);
  }

  @EachTransport
  void opensslMayNotRenegotiate(Transport transport) throws Exception {
    assumeThereIs("openssl");
    String said =
        client(transport, Tls.acceptor().build(), RENEGOTIATE, "-tls1_2", "-legacy_renegotiation");
    assertThat(said).contains("RENEGOTIATING").doesNotContain("echo me");
  }

  // ---- openssl s_server

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void opensslServes(Transport transport, String version) throws Exception {
    assumeThereIs("openssl");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process server =
        start(
            "openssl",
            "s_server",
            "-accept",
            "127.0.0.1:" + port,
            "-cert",
            PKI.localhost.chain.toString(),
            "-key",
            PKI.localhost.key.toString(),
            "-CAfile",
            PKI.ca.toString(),
            "-Verify",
            "1",
            "-alpn",
            "h2",
            "-rev",
            flag(version));
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      CompletableFuture<String> said =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new String(server.getInputStream().readAllBytes());
                } catch (IOException e) {
                  return "";
                }
              },
              Tls.ON_ITS_OWN);
      TlsConnector connector =
          Tls.connector().alpn("h2").certificate(PKI.client.chain, PKI.client.key).build();
      TcpStream stream = connectWhenUp(executor, connector, port);
      assertThat(TlsSession.of(stream).protocol()).isEqualTo(version);
      assertThat(TlsSession.of(stream).applicationProtocol()).isEqualTo("h2");
      Net.get(stream.writeAll("abc\n"));
      assertThat(Net.get(stream.readLine(100))).isEqualTo("cba");
      stream.close();
      server.destroy();
      Net.get(said);
    } finally {
      server.destroyForcibly();
    }
  }

  private static TcpStream connectWhenUp(
      WorkStealingExecutor executor, TlsConnector connector, int port) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Net.SECONDS);
    while (true) {
      TcpStream stream;
      try {
        stream = Tls.connect(executor, port);
      } catch (java.net.ConnectException notYet) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(5); // between two looks
        continue;
      }
      return Net.get(connector.connect(stream, "localhost"));
    }
  }

  // ---- HTTP clients

  private static CompletableFuture<Void> http(TcpStream stream) {
    return stream
        .readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 8192)
        .thenAccept(io.netty.util.ReferenceCountUtil::release)
        .thenCompose(
            read ->
                stream.writeAll(
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void curlIsServed(Transport transport, String version) throws Exception {
    assumeThereIs("curl");
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().alpn("http/1.1").build();
      TcpServer.start(executor, listener, acceptor.serving(TlsToolsTest::http));
      String tls = version.equals("TLSv1.3") ? "--tlsv1.3" : "--tls-max";
      List<String> command = new ArrayList<>(List.of("curl", "-sS", tls));
      if (!version.equals("TLSv1.3")) {
        command.add("1.2");
      }
      command.addAll(
          List.of(
              "--cacert",
              PKI.ca.toString(),
              "https://localhost:" + listener.localAddress().getPort() + "/"));
      assertThat(output(start(command.toArray(new String[0])))).isEqualTo("hello");
      assertThat(acceptor.handshakes()).isEqualTo(1);
    }
  }

  @Test
  void theJdksHttpClientIsServed() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().alpn("http/1.1").build();
      TcpServer.start(executor, listener, acceptor.serving(TlsToolsTest::http));
      HttpClient client = HttpClient.newBuilder().sslContext(Pki.context(null)).build();
      URI uri = URI.create("https://localhost:" + listener.localAddress().getPort() + "/");
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response =
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("hello");
      }
    }
  }
}
