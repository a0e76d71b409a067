package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChatServerTest {
  private static Socket join(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void awaitLine(BufferedReader lines, String end) throws IOException {
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("before \"%s\" has come", end).isNotNull();
    } while (!line.endsWith(end));
  }

  @Test
  void whatOneSaysAllHearAndNothingIsLeftOfThoseWhoLeave() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      ChatServer chat = new ChatServer(1_000);
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      TcpServer server = TcpServer.start(executor, listener, chat::serve);
      int port = listener.localAddress().getPort();
      try (Socket anna = join(port);
          Socket bert = join(port)) {
        BufferedReader annas = lines(anna);
        BufferedReader berts = lines(bert);
        awaitLine(annas, " has come"); // her own, or his
        awaitLine(berts, " has come");
        Random random = new Random(14);
        List<Socket> passersBy = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          Socket passerBy = join(port);
          passersBy.add(passerBy);
          say(passerBy, "passing by");
          if (random.nextBoolean()) {
            passerBy.setSoLinger(true, 0); // ends with a reset
            passerBy.close();
          }
        }
        for (Socket passerBy : passersBy) {
          passerBy.close();
        }
        say(anna, "hello");
        awaitLine(annas, "> hello");
        awaitLine(berts, "> hello");
      }
      server.drain(Duration.ofSeconds(60)).get();
      assertThat(server.open()).isZero();
    }
  }
}
