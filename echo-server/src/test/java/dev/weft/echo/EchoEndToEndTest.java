package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Woven handlers give every client exactly its own bytes back. */
class EchoEndToEndTest {
  private final long seed = ThreadLocalRandom.current().nextLong();

  @ParameterizedTest
  @ValueSource(strings = {"auto", "nio"})
  void oneConnectionOf64MebibytesWhileReading(String transport) throws Exception {
    System.out.println("seed " + seed);
    try (ServerProcess.Running server = ServerProcess.serve("--transport", transport)) {
      new ManyClients(seed, 64 << 20).run(server.address(), 1);
      String accepted = server.process.line();
      assertThat(accepted).matches("Accepted connection from: 127\\.0\\.0\\.1:\\d+");
      String peer = accepted.substring("Accepted connection from: ".length());
      assertThat(server.process.line()).isEqualTo("Connection closed by " + peer);
      server.endWell();
    }
  }

  @Test
  void aThousandConnectionsOfOneMebibyteAtOnce() throws Exception {
    System.out.println("seed " + seed);
    try (ServerProcess.Running server = ServerProcess.serve("--quiet")) {
      new ManyClients(seed, 1 << 20).run(server.address(), 1_000);
      server.endWell();
      assertThat(server.process.output()).as("--quiet").isEmpty();
    }
  }

  @Test
  void oneWorkerIsEnough() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve("--workers", "1", "--quiet")) {
      new ManyClients(seed, 1 << 20).run(server.address(), 50);
      server.endWell();
    }
  }

  @Test
  void oneThreadAsInNodeServesThemAll() throws Exception {
    System.out.println("seed " + seed);
    try (ServerProcess.Running server = ServerProcess.serve("--executor", "node", "--quiet")) {
      new ManyClients(seed, 1 << 20).run(server.address(), 200);
      server.endWell();
      assertThat(server.process.output()).as("--quiet").isEmpty();
    }
  }

  @Test
  void whatWasSentBeforeTheHalfCloseIsEchoed() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve();
        Socket client = server.connect()) {
      client.getOutputStream().write("all of it".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      client.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("all of it");
      server.endWell();
    }
  }
}
