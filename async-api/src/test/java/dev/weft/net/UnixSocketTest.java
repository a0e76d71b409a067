package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Streams through Unix domain sockets: all that TCP's do, but for a reset. */
@ExtendWith(LeakCheck.class)
class UnixSocketTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("s");
  }

  private static UnixListener listen(AsyncExecutor executor, Path path) throws Exception {
    return Net.get(UnixListener.bind(executor, path, TcpOptions.defaults()));
  }

  private static UnixStream connect(AsyncExecutor executor, Path path) throws Exception {
    return Net.get(UnixStream.connect(executor, path, TcpOptions.defaults()));
  }

  private static CompletableFuture<@Nullable Void> echo(ByteStream stream) {
    return stream
        .read()
        .thenCompose(
            buf ->
                buf == null
                    ? stream.shutdownOutput()
                    : stream.write(buf).thenCompose(written -> echo(stream)));
  }

  @EachGround
  void everyByteComesBackAndThenTheEnd(Ground ground) throws Exception {
    byte[] sent = new byte[5 << 20];
    new Random(1).nextBytes(sent);
    AsyncExecutor executor = ground.open();
    try (executor;
        UnixListener listener = listen(executor, path());
        UnixStream client = connect(executor, path());
        UnixStream server = Net.get(listener.accept())) {
      CompletableFuture<?> echo = echo(server);
      Task<@Nullable Void> written = client.writeAll(sent);
      Task<ByteBuf> all = client.readExactly(sent.length);
      Net.get(written);
      assertThat(Net.bytes(Net.get(all))).isEqualTo(sent);
      Net.get(client.shutdownOutput());
      assertThat(Net.get(client.read())).isNull();
      try {
        Net.get(echo);
      } catch (SocketException bothDirections) {
        assertThat(ground).isIn(Ground.NIO, Ground.IO_URING);
      }
      assertThat(server).hasToString("unix:" + path());
      assertThat(client.path()).isEqualTo(path());
    }
    assertThat(path()).as("the socket's file").doesNotExist();
  }

  @EachGround
  void linesAndFilesGoThroughIt(Ground ground) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "in a file\n");
    AsyncExecutor executor = ground.open();
    try (executor;
        UnixListener listener = listen(executor, path());
        UnixStream client = connect(executor, path());
        UnixStream server = Net.get(listener.accept())) {
      Net.get(client.writeAll("a line\r\n"));
      Net.get(client.sendFile(file, 0, 10));
      assertThat(Net.get(server.readLine(80))).isEqualTo("a line");
      assertThat(Net.get(server.readLine(80))).isEqualTo("in a file");
      Task<@Nullable String> waiting = server.readLine(80);
      client.close();
      assertThat(Net.get(waiting)).isNull();
    }
  }

  @EachGround
  void aHundredConnectAtOnce(Ground ground) throws Exception {
    AsyncExecutor executor = ground.open();
    List<ByteStream> streams = new ArrayList<>();
    try (executor;
        UnixListener listener = listen(executor, path())) {
      List<Task<UnixStream>> connecting = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        connecting.add(UnixStream.connect(executor, path(), TcpOptions.defaults()));
      }
      for (int i = 0; i < 100; i++) {
        UnixStream server = Net.get(listener.accept());
        streams.add(server);
        echo(server);
      }
      for (Task<UnixStream> one : connecting) {
        UnixStream client = Net.get(one);
        streams.add(client);
        Net.get(client.writeAll("?"));
        assertThat(Net.text(Net.get(client.readExactly(1)))).isEqualTo("?");
      }
      streams.forEach(ByteStream::close);
    }
  }

  @EachGround
  void whatIsWrongIsSaid(Ground ground) throws Exception {
    AsyncExecutor executor = ground.open();
    try (executor) {
      assertThatThrownBy(
              () ->
                  executor.blockOn(
                      () -> UnixStream.connect(executor, path(), TcpOptions.defaults())))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("unix:" + path() + ": ");
      Files.createFile(path());
      assertThatThrownBy(
              () ->
                  executor.blockOn(
                      () -> UnixListener.bind(executor, path(), TcpOptions.defaults())))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("unix:" + path() + ": ");
      assertThat(path()).as("somebody else's").exists();
    }
    assertThat(path()).as("somebody else's").exists();
  }

  @EachGround
  void closingTheListenerEndsWhoWaits(Ground ground) throws Exception {
    AsyncExecutor executor = ground.open();
    try (executor;
        UnixListener listener = listen(executor, path())) {
      Task<@Nullable UnixStream> first = listener.accept();
      first.cancel(false);
      Task<@Nullable UnixStream> waiting = listener.accept();
      listener.close();
      assertThat(Net.get(waiting)).isNull();
      assertThat(Net.get(listener.accept())).isNull();
      Net.await("the file to be removed", () -> !Files.exists(path()));
    }
  }

  @EachGround
  void aCancelledConnectLeavesNothing(Ground ground) throws Exception {
    AsyncExecutor executor = ground.open();
    try (executor;
        UnixListener listener = listen(executor, path())) {
      for (int i = 0; i < 50; i++) {
        Task<UnixStream> one = UnixStream.connect(executor, path(), TcpOptions.defaults());
        if (!one.cancel(false)) {
          Net.get(one).close();
        }
      }
      UnixStream client = connect(executor, path());
      Net.get(client.writeAll("me"));
      while (true) { // those that were cancelled late come first, and have ended
        try (UnixStream server = Net.get(listener.accept())) {
          ByteBuf buf = Net.get(server.read());
          if (buf != null) {
            assertThat(Net.text(buf)).isEqualTo("me");
            break;
          }
        } catch (SocketException reset) {
          // likewise
        }
      }
      client.close();
    }
  }
}
