package dev.weft.perf.trial.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.perf.trial.faults.Observations.End;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clients see what a server does wrong, and nothing where it does nothing wrong. */
@Timeout(60)
class EchoClientTest {
  private static final int ENOUGH = 5;

  /** What a server does with the bytes that have come. */
  private interface Service {
    /** Returns false if the connection is to be closed. */
    boolean echo(Socket socket, byte[] bytes, int count) throws IOException;
  }

  @Test
  void aServerThatEchoesIsFoundWell() throws Exception {
    Observations seen = observe(End.WELL, EchoClientTest::echo);
    for (End end : End.values()) {
      assertTrue(end == End.WELL || seen.count(end) == 0, seen + " " + seen.examples());
    }
  }

  @Test
  void aWrongByteIsSeen() throws Exception {
    observe(
        End.WRONG_BYTE,
        (socket, bytes, count) -> {
          bytes[count - 1] ^= 1;
          return echo(socket, bytes, count);
        });
  }

  @Test
  void anOrderlyEndThatIsTooEarlyIsSeen() throws Exception {
    observe(
        End.SHORT_END,
        (socket, bytes, count) -> {
          socket.getOutputStream().write(bytes, 0, count - 1);
          socket.shutdownOutput();
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
          return false;
        });
  }

  @Test
  void aResetIsSeen() throws Exception {
    observe(
        End.RESET,
        (socket, bytes, count) -> {
          socket.setSoLinger(true, 0);
          return false;
        });
  }

  private static boolean echo(Socket socket, byte[] bytes, int count) throws IOException {
    socket.getOutputStream().write(bytes, 0, count);
    return true;
  }

  /** Has a client try a server until it has seen the end named a few times. */
  private static Observations observe(End expected, Service service) throws Exception {
    Observations seen = new Observations();
    try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      start(() -> accept(listener, service));
      EchoClient client = new EchoClient(listener.getLocalPort(), 1, () -> seen);
      Thread thread = start(client);
      while (seen.count(expected) < ENOUGH) {
        TimeUnit.MILLISECONDS.sleep(5); // the test's time limit ends it
      }
      client.stop();
      thread.join();
    }
    return seen;
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body, "echo");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void accept(ServerSocket listener, Service service) {
    try {
      while (true) {
        Socket socket = listener.accept();
        start(() -> serve(socket, service));
      }
    } catch (IOException closed) {
      // by the test
    }
  }

  private static void serve(Socket socket, Service service) {
    byte[] bytes = new byte[1 << 16];
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      for (int count; (count = in.read(bytes)) >= 0; ) {
        if (!service.echo(socket, bytes, count)) {
          return;
        }
      }
    } catch (IOException gone) {
      // the client has what it wanted
    }
  }
}
