package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weft.Logged;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.ListenOptions.WhenFull;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many connections are let in, and what becomes of the others. */
@ExtendWith(LeakCheck.class)
class ListenLimitsTest {
  private static final ListenOptions DEFAULTS = ListenOptions.defaults();
  private static final Pattern MORE = Pattern.compile("(\\d+) more in the last");

  private final ConcurrentLinkedQueue<ILoggingEvent> log = new ConcurrentLinkedQueue<>();
  private final List<Socket> clients = new ArrayList<>();

  @RegisterExtension final Logged logged = new Logged(TcpListener.class, log::add);

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  private Socket connect(TcpListener listener) throws IOException {
    clients.add(Net.connect(listener));
    return clients.get(clients.size() - 1);
  }

  private Socket connect(TcpListener listener, String from) throws IOException {
    clients.add(Net.connect(listener, from));
    return clients.get(clients.size() - 1);
  }

  /** How often something was said, with the lines that were left out. */
  private long said(String what) {
    Logged.flush();
    long number = 0;
    for (ILoggingEvent event : log) {
      String line = event.getFormattedMessage();
      if (line.contains(what)) {
        Matcher more = MORE.matcher(line);
        boolean counts = more.find();
        number += line.contains(" more in the last ") && line.contains(" like: ") ? 0 : 1;
        number += counts ? Long.parseLong(more.group(1)) : 0;
      }
    }
    return number;
  }

  @EachTransport
  void furtherOnesWaitUntilOneLeaves(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, DEFAULTS.maxConnections(2))) {
      for (int i = 0; i < 6; i++) {
        connect(listener);
      }
      TcpStream first = Net.get(listener.accept());
      TcpStream second = Net.get(listener.accept());
      Task<@Nullable TcpStream> third = listener.accept();
      Net.echo(first);
      for (int i = 0; i < 20; i++) { // the loop has looked at what there is meanwhile
        Net.roundTrip(clients.get(0));
      }
      assertThat(third).isNotDone();
      first.close();
      second.close();
      List<TcpStream> later = new ArrayList<>(List.of(Net.get(third)));
      for (int i = 3; i < 6; i++) {
        later.add(Net.get(listener.accept()));
        later.get(i - 3).close();
      }
      assertThat(later)
          .extracting(stream -> stream.remoteAddress().getPort())
          .containsExactlyElementsOf(
              clients.subList(2, 6).stream().map(Socket::getLocalPort).toList());
      assertThat(said("Refused")).isZero();
    }
  }

  @EachTransport
  void furtherOnesAreResetIfTheyAreToBe(Transport transport) throws Exception {
    ListenOptions options = DEFAULTS.maxConnections(1).whenFull(WhenFull.REFUSE);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options)) {
      TcpServer.start(executor, listener, Net::echo);
      Net.roundTrip(connect(listener));
      for (int i = 0; i < 30; i++) {
        assertThat(Net.isReset(connect(listener))).isTrue();
      }
      Net.roundTrip(clients.get(0));
      clients.get(0).close();
      awaitRoundTrip(listener, "127.0.0.1");
      assertThat(said("Refused a connection from ")).isGreaterThanOrEqualTo(30);
      assertThat(log)
          .extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(line -> line.contains(": 1 are open (maxConnections)"));
    }
  }

  @EachTransport
  void oneAddressHasSoManyAndOthersAsManyAgain(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, DEFAULTS.maxPerAddress(2))) {
      TcpServer server = TcpServer.start(executor, listener, Net::echo);
      Socket first = connect(listener, "127.0.0.2");
      Net.roundTrip(first);
      Net.roundTrip(connect(listener, "127.0.0.2"));
      assertThat(Net.isReset(connect(listener, "127.0.0.2"))).isTrue();
      Net.roundTrip(connect(listener, "127.0.0.3"));
      Net.roundTrip(connect(listener, "127.0.0.3"));
      assertThat(Net.isReset(connect(listener, "127.0.0.3"))).isTrue();
      first.close();
      Net.await("it has ended", () -> server.open() == 3);
      awaitRoundTrip(listener, "127.0.0.2");
      assertThat(Net.isReset(connect(listener, "127.0.0.3"))).isTrue();
      assertThat(said("Refused a connection from ")).isPositive();
    }
  }

  private void awaitRoundTrip(TcpListener listener, String from) throws InterruptedException {
    Net.await(
        "one from " + from + " is served",
        () -> {
          try (Socket client = Net.connect(listener, from)) {
            Net.roundTrip(client);
            return true;
          } catch (IOException | AssertionError refused) {
            return false;
          }
        });
  }

  @EachTransport
  void anAddressOfIPv4IsTheSameByIPv6(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener =
            Net.get(
                TcpListener.bind(
                    executor,
                    new java.net.InetSocketAddress("::", 0),
                    DEFAULTS.maxPerAddress(1)))) {
      TcpServer.start(executor, listener, Net::echo);
      Socket first = connect(listener, "127.0.0.2");
      Net.roundTrip(first);
      assertThat(Net.isReset(connect(listener, "127.0.0.2"))).isTrue();
      Net.roundTrip(connect(listener, "127.0.0.3"));
      try (Socket six = new Socket("::1", listener.localAddress().getPort())) {
        six.setSoTimeout(Net.SECONDS * 1000);
        Net.roundTrip(six);
      }
    }
  }

  @Test
  void aMappedAddressIsThatOfIPv4() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    mapped[12] = 10;
    mapped[15] = 7;
    Inet6Address asItIs = Inet6Address.getByAddress(null, mapped, -1);
    assertThat(Admission.plain(asItIs)).isEqualTo(InetAddress.getByName("10.0.0.7"));
    mapped[3] = 1;
    Inet6Address other = Inet6Address.getByAddress(null, mapped, -1);
    assertThat(Admission.plain(other)).isSameAs(other);
    InetAddress four = InetAddress.getByName("127.0.0.1");
    assertThat(Admission.plain(four)).isSameAs(four);
  }

  @EachTransport
  void connectionsWaitForMemory(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, DEFAULTS.memoryLimit(3 * 512))) {
      TcpServer server = TcpServer.start(executor, listener, Net::echo);
      for (int i = 0; i < 5; i++) {
        connect(listener);
      }
      for (int i = 0; i < 3; i++) {
        Net.roundTrip(clients.get(i));
      }
      assertThat(server.open()).isEqualTo(3);
      clients.get(0).close();
      Net.roundTrip(clients.get(3));
      clients.get(1).close();
      Net.roundTrip(clients.get(4));
      assertThat(said("Further connections wait: no memory for it (memoryLimit")).isPositive();
    }
  }

  @EachTransport
  void connectionsAreResetForWantOfMemoryIfTheyAreToBe(Transport transport) throws Exception {
    ListenOptions options = DEFAULTS.memoryLimit(2 * 512).whenFull(WhenFull.REFUSE);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options)) {
      TcpServer.start(executor, listener, Net::echo);
      Net.roundTrip(connect(listener));
      Net.roundTrip(connect(listener));
      assertThat(Net.isReset(connect(listener))).isTrue();
      clients.get(0).close();
      awaitRoundTrip(listener, "127.0.0.1");
    }
  }

  /** The kernel's queue is as long as it was told to be, so it stops answering. */
  @EachTransport
  void theKernelKeepsAsManyAsTheBacklogSays(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, DEFAULTS.maxConnections(1).backlog(2))) {
      connect(listener);
      TcpStream only = Net.get(listener.accept());
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 60; i++) {
                  Socket client = new Socket();
                  clients.add(client);
                  client.connect(listener.localAddress(), 200);
                }
              })
          .isInstanceOf(SocketTimeoutException.class);
      only.close();
    }
  }

  @EachTransport
  void theOthersAreToldWhenTheListenerIsClosed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor, DEFAULTS.maxConnections(1));
      connect(listener);
      TcpStream only = Net.get(listener.accept());
      Socket waiting = connect(listener);
      listener.close();
      assertThatThrownBy(() -> waiting.getInputStream().read())
          .as("by the kernel or by the listener")
          .isInstanceOf(SocketException.class);
      Net.echo(only);
      Net.roundTrip(clients.get(0));
    }
  }
}
