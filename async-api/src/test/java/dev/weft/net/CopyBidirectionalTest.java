package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two streams that are copied to each other: bytes, half-closes, failures, the idle limit. */
@ExtendWith(LeakCheck.class)
class CopyBidirectionalTest {
  /** Two peers, and the two streams between them. */
  private record Proxy(
      AsyncExecutor executor,
      TcpListener listener,
      Socket client,
      Socket server,
      TcpStream one,
      TcpStream other)
      implements AutoCloseable {
    static Proxy open(Ground ground) throws Exception {
      AsyncExecutor executor = ground.open();
      TcpListener listener =
          Net.get(TcpListener.bind(executor, Net.loopback(0), TcpOptions.defaults()));
      Socket client = Net.connectNarrow(listener);
      TcpStream one = Net.get(listener.accept());
      Socket server = Net.connectNarrow(listener);
      TcpStream other = Net.get(listener.accept());
      return new Proxy(executor, listener, client, server, one, other);
    }

    Task<Copied> copy(Duration idleLimit) {
      return ByteStream.copyBidirectional(one, other, idleLimit);
    }

    @Override
    public void close() throws Exception {
      client.close();
      server.close();
      one.close();
      other.close();
      listener.close();
      executor.close();
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static CompletableFuture<Void> send(Socket socket, byte[] bytes) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @EachGround
  void bothDirectionsAreExactAndCounted(Ground ground) throws Exception {
    byte[] forth = random(9 << 20, 1);
    byte[] back = random(5 << 20, 2);
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ZERO);
      CompletableFuture<Void> sending = send(proxy.client, forth);
      CompletableFuture<Void> answering = send(proxy.server, back);
      CompletableFuture<byte[]> atClient =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return proxy.client.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(proxy.server.getInputStream().readAllBytes()).isEqualTo(forth);
      assertThat(Net.get(atClient)).isEqualTo(back);
      assertThat(Net.get(copied)).isEqualTo(new Copied(forth.length, back.length));
      Net.get(sending);
      Net.get(answering);
    }
  }

  @EachGround
  void aHalfCloseIsPassedOnAndTheOtherDirectionGoesOn(Ground ground) throws Exception {
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ofDays(1));
      proxy.client.getOutputStream().write("question".getBytes("US-ASCII"));
      proxy.client.shutdownOutput();
      assertThat(new String(proxy.server.getInputStream().readAllBytes(), "US-ASCII"))
          .isEqualTo("question");
      assertThat(copied).isNotDone();
      proxy.server.getOutputStream().write("answer".getBytes("US-ASCII"));
      proxy.server.shutdownOutput();
      assertThat(new String(proxy.client.getInputStream().readAllBytes(), "US-ASCII"))
          .isEqualTo("answer");
      assertThat(Net.get(copied)).isEqualTo(new Copied(8, 6));
    }
  }

  @EachGround
  void aResetOfOneResetsTheOther(Ground ground) throws Exception {
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ZERO);
      proxy.client.getOutputStream().write(1);
      assertThat(proxy.server.getInputStream().read()).isEqualTo(1);
      Net.reset(proxy.client);
      assertThat(Net.isReset(proxy.server)).isTrue();
      assertThatThrownBy(() -> Net.get(copied)).isInstanceOf(SocketException.class);
    }
  }

  @EachGround
  void cancellingResetsBoth(Ground ground) throws Exception {
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ofDays(1));
      proxy.client.getOutputStream().write(1);
      assertThat(proxy.server.getInputStream().read()).isEqualTo(1);
      copied.cancel(false);
      assertThat(Net.isReset(proxy.server)).isTrue();
      assertThat(Net.isReset(proxy.client)).isTrue();
      assertThatThrownBy(copied::join).isInstanceOf(CancellationException.class);
    }
  }

  @EachGround
  void theIdleLimitEndsWhatDoesNotMove(Ground ground) throws Exception {
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ofMillis(100));
      assertThatThrownBy(() -> Net.get(copied))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage(proxy.one + " <-> " + proxy.other + ": Idle for longer than 0.1 s");
      assertThat(Net.isReset(proxy.server)).isTrue();
      assertThat(Net.isReset(proxy.client)).isTrue();
    }
  }

  @EachGround
  void aReceiverThatIsSlowHoldsTheSenderUp(Ground ground) throws Exception {
    byte[] much = random(64 << 20, 3);
    try (Proxy proxy = Proxy.open(ground)) {
      Task<Copied> copied = proxy.copy(Duration.ZERO);
      CompletableFuture<Void> sending = send(proxy.client, much);
      Net.await("the proxy to hold back", () -> proxy.one.isHoldingBack());
      assertThat(sending).isNotDone();
      proxy.server.shutdownOutput();
      assertThat(proxy.server.getInputStream().readAllBytes()).isEqualTo(much);
      Net.get(sending);
      assertThat(Net.get(copied)).isEqualTo(new Copied(much.length, 0));
    }
  }
}
