package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection holds what its options allow and no more, whatever its peer does. */
@ExtendWith(LeakCheck.class)
class BackPressureTest {
  private static final TcpOptions SMALL =
      TcpOptions.defaults().receiveLimit(16 * 1024).sendLimit(16 * 1024);

  /** The limit, and the one receive buffer that goes beyond it; of io_uring, one more. */
  private static int mayHold(Transport transport) {
    int underWay = transport == Transport.IO_URING ? 32 : 0;
    return (16 + 32 + underWay) * 1024;
  }

  @EachTransport
  void inputStaysInTheKernelUntilItIsRead(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, SMALL);
        SocketChannel client = SocketChannel.open(listener.localAddress());
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> first = stream.read();
      long sent = fill(client);
      assertThat(sent).as("the kernel's buffers").isGreaterThan(mayHold(transport));
      long received = Net.bytes(present(Net.get(first))).length;
      Net.await("reading stops at the limit", stream::isHoldingBack);
      assertThat(stream.held()).isBetween(16 * 1024, mayHold(transport));
      client.shutdownOutput();
      settle(executor, new Task<>());
      assertThat(stream.held()).isBetween(16 * 1024, mayHold(transport));
      for (ByteBuf buf; (buf = Net.get(stream.read())) != null; ) {
        assertThat(stream.held()).isLessThanOrEqualTo(mayHold(transport));
        received += Net.bytes(buf).length;
      }
      assertThat(received).isEqualTo(sent);
    }
  }

  @EachTransport
  void aWriteWaitsForAPeerThatDoesNotRead(Transport transport) throws Exception {
    byte[] block = new byte[8 * 1024];
    new Random(2).nextBytes(block);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, SMALL);
        Socket client = Net.connect(listener)) {
      int blocks = 0;
      try (TcpStream stream = Net.get(listener.accept())) {
        Task<@Nullable Void> write;
        do {
          write = stream.write(Net.buf(block));
          blocks++;
          settle(executor, write);
        } while (write.isDone());
        int overhead = 96 * 4; // what Netty adds for each buffer
        // One block beyond the limit; and of the first, what the kernel has taken counts twice.
        assertThat(stream.unsent()).isLessThanOrEqualTo(16 * 1024 + 2 * block.length + overhead);
        byte[] received = client.getInputStream().readNBytes(blocks * block.length);
        Net.get(write);
        for (int i = 0; i < blocks; i++) {
          assertThat(Arrays.copyOfRange(received, i * block.length, (i + 1) * block.length))
              .isEqualTo(block);
        }
      }
    }
  }

  @EachTransport
  void theOthersGoOn(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, SMALL);
        SocketChannel stuck = SocketChannel.open(listener.localAddress());
        TcpStream stuckStream = Net.get(listener.accept());
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      CompletableFuture<?> stuckEcho = Net.echo(stuckStream);
      fill(stuck);
      CompletableFuture<?> echo = Net.echo(stream);
      for (int i = 0; i < 100; i++) {
        client.getOutputStream().write(i);
        assertThat(client.getInputStream().read()).isEqualTo(i);
      }
      client.shutdownOutput();
      Net.get(echo);
      assertThat(stuckEcho).isNotDone();
    }
  }

  /** Lets the loop run what it has to do for a write from another thread, or the write complete. */
  private static void settle(WorkStealingExecutor executor, Task<?> write) throws Exception {
    for (int i = 0; i < 20 && !write.isDone(); i++) {
      CompletableFuture<Void> turn = new CompletableFuture<>();
      SocketDriver.of(executor).execute(() -> turn.complete(null));
      Net.get(turn);
    }
  }

  /** Sends until the other side takes no more. */
  private static long fill(SocketChannel client) throws IOException, InterruptedException {
    client.configureBlocking(false);
    ByteBuffer junk = ByteBuffer.allocateDirect(64 * 1024);
    long sent = 0;
    int refusals = 0;
    while (refusals < 50) {
      junk.clear();
      int taken = client.write(junk);
      sent += taken;
      refusals = taken > 0 ? 0 : refusals + 1;
      if (taken == 0) {
        Thread.yield();
        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(1); // gives the kernel time to take more
      }
    }
    return sent;
  }

  private static ByteBuf present(@Nullable ByteBuf buf) {
    assertThat(buf).isNotNull();
    return java.util.Objects.requireNonNull(buf);
  }
}
