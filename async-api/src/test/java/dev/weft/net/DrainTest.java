package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A listener that ends hands out whom the kernel has let in, and then says that it was the last.
 */
@ExtendWith(LeakCheck.class)
class DrainTest {
  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  private void connect(TcpListener listener, int number) throws IOException {
    for (int i = 0; i < number; i++) {
      clients.add(Net.connect(listener));
    }
  }

  private static List<Integer> acceptAll(TcpListener listener) throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (TcpStream stream; (stream = Net.get(listener.accept())) != null; ) {
      ports.add(stream.remoteAddress().getPort());
      Net.echo(stream);
    }
    return ports;
  }

  @EachTransport
  void thoseThatWaitAreHandedOutAndThenTheEnd(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      for (int round = 0; round < 20; round++) {
        TcpListener listener = Net.listen(executor);
        connect(listener, 10);
        if (transport == Transport.IO_URING) { // which has it from the kernel by and by
          Net.await("all are here", () -> listener.unaccepted() == 10);
        }
        listener.drain();
        listener.drain();
        assertThat(acceptAll(listener))
            .containsExactlyElementsOf(clients.stream().map(Socket::getLocalPort).toList());
        assertThat(Net.get(listener.accept())).as("and it stays the end").isNull();
        for (Socket client : clients) {
          Net.roundTrip(client);
        }
        close();
        clients.clear();
        listener.close();
      }
    }
  }

  /** Also those that wait in the kernel's queue, as nobody has accepted so many. */
  @EachTransport
  void thoseInTheKernelsQueueAreHandedOutToo(Transport transport) throws Exception {
    int number = TcpListener.UNACCEPTED_LIMIT * 2;
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      connect(listener, number);
      Net.await("full", () -> listener.unaccepted() >= TcpListener.UNACCEPTED_LIMIT);
      listener.drain();
      List<Integer> served = acceptAll(listener);
      if (transport != Transport.IO_URING) {
        assertThat(served).hasSize(number);
      }
      for (Socket client : clients) {
        if (served.contains(client.getLocalPort())) {
          Net.roundTrip(client);
        } else {
          assertThat(Net.isReset(client)).isTrue();
        }
      }
    }
  }

  @EachTransport
  void anAcceptThatWaitsEndsAndThePortIsFree(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      Task<@Nullable TcpStream> accept = listener.accept();
      listener.drain();
      assertThat(Net.get(accept)).isNull();
      Net.await("nobody listens", () -> isRefused(listener));
      listener.close();
      listener.drain();
      assertThat(Net.get(listener.accept())).isNull();
    }
  }

  private static boolean isRefused(TcpListener listener) {
    try (Socket client = Net.connect(listener)) {
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException broken) {
      return false;
    }
  }

  @EachTransport
  void thoseForWhomThereIsNoPlaceAreReset(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor, ListenOptions.defaults().maxConnections(2));
      connect(listener, 5);
      TcpStream first = Net.get(listener.accept());
      Net.echo(first);
      Net.roundTrip(clients.get(0));
      for (Socket client : clients.subList(1, 5)) {
        client.getOutputStream().write('?'); // which is not to look as if it had been served
        Net.await("it has arrived", () -> Kernel.unreadByTheOtherEnd(client) == 1);
      }
      listener.drain();
      List<Integer> served = acceptAll(listener);
      assertThat(served).hasSizeLessThanOrEqualTo(1);
      for (Socket client : clients.subList(1, 5)) {
        if (served.contains(client.getLocalPort())) {
          assertThat(client.getInputStream().read()).isEqualTo('?');
        } else {
          assertThat(Net.isReset(client)).isTrue();
        }
      }
      Net.roundTrip(clients.get(0));
    }
  }

  @EachTransport
  void closingAfterwardsClosesThoseThatNobodyHasAccepted(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      connect(listener, 3);
      Net.await("all are here", () -> listener.unaccepted() == 3);
      listener.drain();
      listener.close();
      assertThat(Net.get(listener.accept())).isNull();
      for (Socket client : clients) {
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
