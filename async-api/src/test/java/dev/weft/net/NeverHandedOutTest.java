package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.Async;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import io.netty.channel.socket.SocketChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A connection that nobody has got is closed at once, however long one that somebody had may linger
 * to send what was written to it.
 */
@ExtendWith(LeakCheck.class)
class NeverHandedOutTest {
  /** Longer than any test waits. */
  private static final TcpOptions LINGERING =
      TcpOptions.defaults().lingerTimeout(Duration.ofDays(1));

  @EachTransport
  void aCancelledConnectClosesItsSocket(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable peer = new Unreachable()) {
      long before = sockets();
      List<Task<TcpStream>> connects = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        connects.add(TcpStream.connect(executor, peer.address(), LINGERING));
      }
      Net.await("they are under way", () -> Net.channels(executor) == 20);
      connects.forEach(connect -> assertThat(connect.cancel(true)).isTrue());
      assertThatNoneIsLeft(executor, before);
    }
  }

  @EachTransport
  void aConnectThatTakesTooLongClosesItsSocket(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable peer = new Unreachable()) {
      long before = sockets();
      Task<TcpStream> limited = TcpStream.connect(executor, peer.address(), LINGERING);
      assertThatThrownBy(() -> Net.get(Async.timeout(Duration.ofMillis(50), limited)))
          .isInstanceOf(TimeoutException.class);
      CompletableFuture<TcpStream> plain =
          TcpStream.connect(executor, peer.address(), LINGERING)
              .orTimeout(50, TimeUnit.MILLISECONDS);
      assertThatThrownBy(() -> Net.get(plain)).isInstanceOf(TimeoutException.class);
      TcpOptions impatient = LINGERING.connectTimeout(Duration.ofMillis(50));
      assertThatThrownBy(() -> Net.get(TcpStream.connect(executor, peer.address(), impatient)))
          .isInstanceOf(IOException.class);
      assertThatNoneIsLeft(executor, before);
    }
  }

  @EachTransport
  void inNodeModeToo(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable());
    try (NodeExecutor executor = NodeExecutor.builder().driver(transport.driver()).build();
        Unreachable peer = new Unreachable()) {
      long before = sockets();
      Task<TcpStream> connect = TcpStream.connect(executor, peer.address(), LINGERING);
      assertThatThrownBy(() -> Net.get(Async.timeout(Duration.ofMillis(50), connect)))
          .isInstanceOf(TimeoutException.class);
      Net.await("no descriptor is left", () -> sockets() <= before);
    }
  }

  @EachTransport
  void anExecutorThatIsClosedMeanwhileClosesIt(Transport transport) throws Exception {
    try (Unreachable peer = new Unreachable()) {
      long before = sockets();
      Task<TcpStream> connect;
      Task<TcpStream> cancelled;
      try (WorkStealingExecutor executor = Net.executor(transport)) {
        connect = TcpStream.connect(executor, peer.address(), LINGERING);
        cancelled = TcpStream.connect(executor, peer.address(), LINGERING);
        Net.await("they are under way", () -> Net.channels(executor) == 2);
        cancelled.cancel(true);
      }
      assertThatThrownBy(() -> Net.get(connect)).isInstanceOf(IOException.class);
      Net.await("no descriptor is left", () -> sockets() <= before);
    }
  }

  /** The method that awaited it was cancelled between the connection and its own resumption. */
  @EachTransport
  void aConnectionWhoseAwaiterHasGoneIsCut(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        ServerSocket listener = new ServerSocket(0, 1, Net.loopback(0).getAddress())) {
      InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
      Task<TcpStream> connect = TcpStream.connect(executor, address, LINGERING);
      try (Socket peer = listener.accept()) {
        Net.await("it is there, and nobody has it", connect::isDone);
        Abandoning.of(connect);
        assertThatItIsCut(peer);
      }
    }
  }

  @EachTransport
  void aConnectThatWasCompletedByOthersIsCut(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable peer = new Unreachable()) {
      long before = sockets();
      Task<TcpStream> connect = TcpStream.connect(executor, peer.address(), LINGERING);
      Net.await("it is under way", () -> Net.channels(executor) == 1);
      assertThat(connect.completeExceptionally(new IllegalStateException("enough"))).isTrue();
      assertThatNoneIsLeft(executor, before);
    }
  }

  @EachTransport
  void aListenerThatIsClosedCutsWhatItHasNotHandedOut(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor, LINGERING);
      try (Socket peer = Net.connect(listener)) {
        Net.await("it has arrived", () -> listener.unaccepted() == 1);
        listener.close();
        assertThatItIsCut(peer);
      }
    }
  }

  /** As above, but the listener was closed before the connection came back. */
  @EachTransport
  void anAcceptedConnectionWhoseAwaiterHasGoneIsCut(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor, LINGERING);
      Task<@Nullable TcpStream> accept = listener.accept();
      try (Socket peer = Net.connect(listener)) {
        Net.await("it is there, and nobody has it", accept::isDone);
        listener.close();
        Abandoning.of(accept);
        assertThatItIsCut(peer);
      }
    }
  }

  @EachTransport
  void aSocketThatCannotBeSetUpIsClosed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      CompletableFuture<SocketChannel> made = new CompletableFuture<>();
      SocketDriver driver = SocketDriver.of(executor);
      CompletableFuture<Void> done =
          CompletableFuture.runAsync(
              () -> {
                SocketChannel channel = driver.backend().newSocket();
                made.complete(channel);
                Opening.register(
                    driver,
                    channel,
                    () -> {
                      LoopReference.to(driver, channel); // which counts it
                      throw new IllegalStateException("the kernel refuses an option");
                    },
                    unmade -> driver.register(channel),
                    (unmade, refused) -> {});
              },
              driver::execute);
      assertThatThrownBy(() -> Net.get(done))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the kernel refuses an option");
      assertThat(made.join().isOpen()).isFalse();
      assertThat(Net.channels(executor)).isZero();
    }
  }

  // ---- what is left of a connection

  private static void assertThatNoneIsLeft(WorkStealingExecutor executor, long before)
      throws InterruptedException {
    Net.await("no channel is left", () -> Net.channels(executor) == 0);
    Net.await("no descriptor is left", () -> sockets() <= before);
  }

  /** The peer, which goes on sending, learns that nobody is going to read that. */
  private static void assertThatItIsCut(Socket peer) throws InterruptedException {
    byte[] some = new byte[1024];
    Net.await(
        "the peer is told",
        () -> {
          try {
            peer.getOutputStream().write(some);
            return false;
          } catch (IOException reset) {
            return true;
          }
        });
  }

  /** The process's open sockets; 0 where the system does not say. */
  private static long sockets() {
    File[] descriptors = new File("/proc/self/fd").listFiles();
    long count = 0;
    for (File descriptor : descriptors == null ? new File[0] : descriptors) {
      try {
        if (Files.readSymbolicLink(descriptor.toPath()).toString().startsWith("socket")) {
          count++;
        }
      } catch (IOException closed) {
        // meanwhile
      }
    }
    return count;
  }

  /** Task.abandon, as a frame calls it. */
  private static final class Abandoning extends Task<Void> {
    static void of(Task<?> task) {
      abandon(task);
    }
  }
}
