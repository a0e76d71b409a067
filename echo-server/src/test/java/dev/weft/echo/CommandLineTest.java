package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that cannot start says why in one line and exits with 2; its options do what they say.
 */
class CommandLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=65536      | --port must be a number from 0 to 65535, not 65536",
        "--port=-1         | --port must be a number from 0 to 65535, not -1",
        "--port -1         | --port must be a number from 0 to 65535, not -1",
        "--port=http       | --port must be a number from 0 to 65535, not http",
        "--port=           | --port must be a number from 0 to 65535, not nothing",
        "--port            | --port needs a value: N",
        "--port=1 --port=2 | --port can be given only once",
        "--host=           | --host must be a name or an address, not nothing",
        "--workers=0       | --workers must be a number from 1 to 1024, not 0",
        "--idle-timeout=-2 | --idle-timeout must be a number of seconds, 0 or more, not -2",
        "--idle-timeout=-1e-9 | --idle-timeout must be a number of seconds, 0 or more, not -1e-9",
        "--idle-timeout=-1e300 | --idle-timeout must be a number of seconds, 0 or more, not -1e300",
        "--idle-timeout=NaN | --idle-timeout must be a number of seconds, 0 or more, not NaN",
        "--idle-timeout=long | --idle-timeout must be a number of seconds, 0 or more, not long",
        "--max-connections=0 | --max-connections must be a number from 1 to 2147483647, not 0",
        "--memory=0        | --memory must be a number from 1 to 1048576, not 0",
        "--memory=1048577  | --memory must be a number from 1 to 1048576, not 1048577",
        "--memory=99999999999 | --memory must be a number from 1 to 1048576, not 99999999999",
        "--executor=node --workers=2 | --workers is for --executor work-stealing; node has one thread",
        "--executor=fast   | --executor must be one of work-stealing, node, not fast",
        "--executor=NODE --workers=2 | --workers is for --executor work-stealing; node has one thread",
        "--transport=kqueue | --transport must be one of auto, io_uring, epoll, nio, not kqueue",
        "--inspect=65536   | --inspect must be a number from 0 to 65535, not 65536",
        "--inspect=page    | --inspect must be a number from 0 to 65535, not page",
        "--inspect         | --inspect needs a value: N",
        "--when-full=cry   | --when-full must be one of wait, refuse, not cry",
        "--prot=1          | Unknown option: '--prot=1'",
        "--po=1            | Unknown option: '--po=1'",
        "--quiet=yes       | Unknown option: '--quiet=yes'",
        "extra             | Unmatched argument: 'extra'",
      })
  void badOptions(String option, String complaint) throws Exception {
    refuses(complaint, option.split(" "));
  }

  @Test
  void aPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      refuses(
          "Cannot listen on 127.0.0.1:" + port + ": Address already in use (choose another --port",
          "--port=" + port);
    }
  }

  @Test
  void aPortOfTheInspectorInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      refuses(
          "The inspector cannot listen on 127.0.0.1:"
              + port
              + ": Address already in use (choose another port for it, or 0 for a free one); see"
              + " --inspect",
          "--port=0",
          "--inspect=" + port);
    }
  }

  @Test
  void anUnknownHost() throws Exception {
    refuses("Cannot listen on no-such-host.invalid: Unknown host", "--host=no-such-host.invalid");
  }

  @Test
  void anAddressOfSomebodyElse() throws Exception {
    refuses("Cannot listen on 192.0.2.1:8080: Cannot assign requested address", "--host=192.0.2.1");
  }

  @Test
  void aPrivilegedPort() throws Exception {
    Path limit = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    Assumptions.assumeTrue(
        Files.exists(limit)
            && Integer.parseInt(Files.readString(limit).trim()) > 79
            && !System.getProperty("user.name").equals("root"),
        "this user may use every port");
    refuses("Cannot listen on 127.0.0.1:79: Permission denied (ports below 1024", "--port=79");
  }

  @Test
  void aTransportThatIsNotAvailable() throws Exception {
    Assumptions.assumeFalse(Transport.IO_URING.isAvailable(), "io_uring is available");
    refuses("--transport io_uring does not work here: ", "--transport=io_uring");
  }

  private static void refuses(String complaint, String... arguments) throws Exception {
    try (ServerProcess process = ServerProcess.start(arguments)) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.errors())
          .singleElement()
          .asString()
          .startsWith("echo-server: " + complaint);
      assertThat(process.output()).isEmpty();
    }
  }

  @Test
  void helpTellsOfEveryOption() throws Exception {
    try (ServerProcess process = ServerProcess.start("--help")) {
      assertThat(process.exitCode()).isZero();
      assertThat(String.join("\n", process.output()))
          .contains("--host", "--port", "--executor", "--workers", "--transport")
          .contains("--idle-timeout", "--max-connections", "--when-full", "--memory")
          .contains("--reuse-port", "--quiet", "--inspect", "--help")
          .contains("work-stealing", "io_uring", "SIGTERM", "Exit code");
      assertThat(process.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--memory 1048576 --when-full REFUSE --reuse-port --quiet",
        "--executor=Node --transport=NIO --memory=1",
        "--executor=WORK_STEALING --workers=1 --host localhost",
      })
  void goodOptions(String options) throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve(options.split(" "));
        Socket client = server.connect()) {
      assertThat(echoOf('x', client)).isEqualTo('x');
      server.endWell();
    }
  }

  /** Its page tells of the task of a connection, and who ends the server does not wait for it. */
  @ParameterizedTest
  @ValueSource(strings = {"work-stealing", "node"})
  void theInspectorSeesTheConnections(String executor) throws Exception {
    try (ServerProcess.Running server =
            ServerProcess.serve("--executor", executor, "--inspect", "0", "--quiet");
        Socket client = server.connect()) {
      assertThat(echoOf('x', client)).isEqualTo('x');
      String line = server.process.line();
      assertThat(line).startsWith("Inspector at http://127.0.0.1:");
      URI tasks = URI.create(line.substring("Inspector at ".length())).resolve("/api/tasks");
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(tasks).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("EchoHandler.echo", "a read");
      server.endWell();
    }
  }

  @Test
  void idleConnectionsAreEnded() throws Exception {
    double seconds = 0.5;
    while (!isEndedAfter(seconds)) {
      seconds *= 4; // the machine was so busy that the connection was idle before the first byte
    }
  }

  /** False if the test itself was slower than the timeout, which may have come first then. */
  private static boolean isEndedAfter(double seconds) throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve("--idle-timeout", "" + seconds)) {
      long before = System.nanoTime();
      try (Socket client = server.connect()) {
        int echoed = echoOf('x', client);
        if (System.nanoTime() - before >= seconds * 1e9) {
          return false;
        }
        assertThat(echoed).isEqualTo('x');
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      String peer = server.process.line().substring("Accepted connection from: ".length());
      assertThat(server.process.line())
          .isEqualTo(
              "Failed to read from socket " + peer + ": Idle for longer than " + seconds + " s");
      server.endWell();
      return true;
    }
  }

  /** -1 if the connection has been ended. */
  private static int echoOf(int sent, Socket client) {
    try {
      client.getOutputStream().write(sent);
      return client.getInputStream().read();
    } catch (IOException ended) {
      return -1;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-9", "0.0001", "4.9e-324"})
  void theShortestIdleTimeIsNotNever(String seconds) throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve("--idle-timeout", seconds);
        Socket client = server.connect()) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(server.process.line()).startsWith("Accepted");
      assertThat(server.process.line()).endsWith("Idle for longer than 0.001 s");
      server.endWell();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "9223372036.854775807", "9223372036854775807", "1e300"})
  void theLongestIdleTimeIsForEver(String seconds) throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve("--idle-timeout", seconds);
        Socket client = server.connect()) {
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');
      server.endWell();
    }
  }

  @Test
  void connectionsBeyondTheLimitWait() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve("--max-connections", "2");
        Socket first = server.connect();
        Socket second = server.connect();
        Socket third = server.connect()) {
      third.getOutputStream().write('3');
      for (Socket client : new Socket[] {first, second}) {
        client.getOutputStream().write('1');
        assertThat(client.getInputStream().read()).isEqualTo('1');
        assertThat(server.process.line()).startsWith("Accepted");
      }
      assertThat(server.process.output()).as("the third has to wait").isEmpty();
      first.close();
      assertThat(third.getInputStream().read()).isEqualTo('3');
      assertThat(server.process.line()).startsWith("Connection closed by");
      assertThat(server.process.line()).startsWith("Accepted");
      server.endWell();
    }
  }
}
