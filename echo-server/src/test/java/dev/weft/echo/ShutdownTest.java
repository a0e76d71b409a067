package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Told to end, the server echoes what has arrived, lets go of its clients and exits with 0. */
class ShutdownTest {
  @Test
  void whatItWaitsForIsLessThanTheFiveSecondsThatArePromised() {
    assertThat(Main.DRAIN_TIME.plus(Main.CANCEL_TIME)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void anIdleServerEnds() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve()) {
      server.endWell();
    }
  }

  @Test
  void idleConnectionsAreClosedInOrder() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve();
        Socket client = server.connect()) {
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');
      server.process.terminate();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(server.process.exitCode()).isZero();
      assertThat(server.process.errors()).isEmpty();
      assertThat(server.process.output())
          .containsExactly(
              "Accepted connection from: 127.0.0.1:" + client.getLocalPort(),
              "Connection closed by 127.0.0.1:" + client.getLocalPort());
    }
  }

  @Test
  void aClientThatNeverReadsCannotDelayIt() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve();
        Socket client = server.connect()) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.getOutputStream().write(new byte[64 << 20]);
                } catch (java.io.IOException reset) {
                  // by the server, when it ends
                }
              });
      sender.start();
      assertThat(server.process.line()).startsWith("Accepted");
      server.process.terminate();
      assertThat(server.process.exitCode()).as("for it would wait for ever").isZero();
      sender.join();
    }
  }
}
