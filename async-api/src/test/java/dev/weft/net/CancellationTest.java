package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import io.netty.buffer.ByteBuf;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Giving an operation up loses no data and no connection. */
@ExtendWith(LeakCheck.class)
class CancellationTest {
  @EachTransport
  void theNextReadGetsWhatACancelledOneWouldHave(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> cancelled = stream.read();
      assertThat(cancelled.cancel(true)).isTrue();
      Task<@Nullable ByteBuf> timedOut = stream.read();
      timedOut.orTimeout(1, TimeUnit.MILLISECONDS);
      assertThatThrownBy(() -> Net.get(timedOut)).isInstanceOf(TimeoutException.class);
      client.getOutputStream().write('a');
      assertThat(Net.text(Net.get(stream.read()))).isEqualTo("a");
      assertThat(cancelled).isCancelled();
    }
  }

  /** One byte after the other, while reads are cancelled at random moments. */
  @EachTransport
  void racingCancellationsLoseNothingAndChangeNoOrder(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    int count = 3_000;
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      client.setTcpNoDelay(true);
      OutputStream out = client.getOutputStream();
      int received = 0;
      int cancelled = 0;
      for (int sent = 0; sent < count; sent++) {
        Task<@Nullable ByteBuf> read = stream.read();
        out.write(sent);
        for (int spin = random.nextInt(2_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        if (read.cancel(true)) {
          cancelled++;
        } else {
          received = check(seed, received, Net.get(read));
        }
      }
      client.shutdownOutput();
      for (ByteBuf buf; (buf = Net.get(stream.read())) != null; ) {
        received = check(seed, received, buf);
      }
      assertThat(received).as("seed %d, %d cancelled", seed, cancelled).isEqualTo(count);
    }
  }

  private static int check(long seed, int received, @Nullable ByteBuf buf) {
    assertThat(buf).as("seed %d", seed).isNotNull();
    int next = received;
    for (byte value : Net.bytes(java.util.Objects.requireNonNull(buf))) {
      assertThat(value).as("seed %d, byte %d", seed, next).isEqualTo((byte) next);
      next++;
    }
    return next;
  }

  /** The read has its data, but the method that awaits it is cancelled before it is resumed. */
  @EachTransport
  void aCancelledMethodGivesItsInputBack(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      client.setTcpNoDelay(true);
      int received = 0;
      for (int sent = 0; sent < 1_000; sent++) {
        // What the method got: its input, or null if it saw its cancellation at the await.
        CompletableFuture<@Nullable ByteBuf> got = new CompletableFuture<>();
        HandWritten<@Nullable Void> method =
            new HandWritten<>(executor, (frame, state, read) -> readOnce(stream, got, frame, read));
        executor.schedule(method);
        Net.await("it waits", stream::isReadAwaited);
        client.getOutputStream().write(sent);
        for (int spin = random.nextInt(3_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        method.cancel(true);
        ByteBuf buf = Net.get(got);
        received = check(seed, received, buf != null ? buf : Net.get(stream.read()));
      }
      assertThat(received).as("seed %d", seed).isEqualTo(1_000);
    }
  }

  private static Object readOnce(
      TcpStream stream,
      CompletableFuture<@Nullable ByteBuf> got,
      HandWritten<@Nullable Void> frame,
      @Nullable CompletableFuture<?> read) {
    if (read == null) {
      return frame.await(stream.read(), 1);
    }
    try {
      got.complete((ByteBuf) read.join());
    } catch (CancellationException cancelled) {
      got.complete(null);
    }
    return Async.done();
  }

  @EachTransport
  void aCancelledAcceptLosesNoConnection(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      Task<@Nullable TcpStream> accept = listener.accept();
      assertThat(accept.cancel(true)).isTrue();
      try (Socket client = Net.connect(listener);
          TcpStream stream = Net.get(listener.accept())) {
        assertThat(stream.remoteAddress().getPort()).isEqualTo(client.getLocalPort());
      }
    }
  }

  @EachTransport
  void aCancelledConnectLeavesNoConnection(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      Task<TcpStream> connect =
          TcpStream.connect(executor, listener.localAddress(), TcpOptions.defaults());
      boolean cancelled = connect.cancel(true);
      if (!cancelled) {
        Net.get(connect).close();
      }
      // It may have got as far as the kernel's queue; behind it comes one that lives.
      try (Socket living = Net.connect(listener)) {
        living.getOutputStream().write(1);
        ByteBuf bytes = null;
        while (bytes == null) {
          try (TcpStream stream = Net.get(listener.accept())) {
            bytes = Net.get(stream.read().exceptionally(reset -> null));
          }
        }
        bytes.release();
      }
    }
  }

  @EachTransport
  void secondOperationsAreRefused(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = stream.read();
      assertThatThrownBy(() -> Net.get(stream.read()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another read");
      Task<@Nullable TcpStream> accept = listener.accept();
      assertThatThrownBy(() -> Net.get(listener.accept()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another accept");
      Task<@Nullable Void> write = stream.write(Net.buf(new byte[16 << 20]));
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("x"))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another write");
      client.getOutputStream().write('b');
      assertThat(Net.text(Net.get(read))).as("the first one is not harmed").isEqualTo("b");
      assertThat(client.getInputStream().readNBytes(16 << 20)).hasSize(16 << 20);
      Net.get(write);
      accept.cancel(true);
    }
  }
}
