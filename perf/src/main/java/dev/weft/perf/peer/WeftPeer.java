package dev.weft.perf.peer;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpStream;
import dev.weft.net.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Weft's echo server, as the one in {@code echo-server} without its options and log. */
final class WeftPeer {
  private WeftPeer() {}

  /** Starts it, and returns its port. A frame size of 0 stands for the plain protocol. */
  static int start(int workers, Transport transport, int frame) throws Exception {
    return start(
        WorkStealingExecutor.builder().workers(workers).driver(transport.driver()).build(), frame);
  }

  /** The same in node mode: one event loop, and a pool for what is to run elsewhere. */
  static int startNode(int poolThreads, Transport transport, int frame) throws Exception {
    return start(
        NodeExecutor.builder().poolThreads(poolThreads).driver(transport.driver()).build(), frame);
  }

  private static int start(AsyncExecutor executor, int frame) throws Exception {
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    executor.spawn(() -> serve(listener, frame));
    return listener.localAddress().getPort();
  }

  private static CompletableFuture<@Nullable Void> serve(TcpListener listener, int frame) {
    for (TcpStream socket; (socket = await(listener.accept())) != null; ) {
      TcpStream accepted = socket;
      Async.spawn(() -> answer(accepted, frame));
    }
    return done();
  }

  /** A client that leaves with a reset is no failure: in node mode it would end the process. */
  private static CompletableFuture<@Nullable Void> answer(TcpStream socket, int frame) {
    try {
      await(frame == 0 ? echo(socket) : framed(socket, frame), IOException.class);
    } catch (IOException left) {
      // nobody is there to be told
    }
    return done();
  }

  private static CompletableFuture<@Nullable Void> echo(TcpStream socket) {
    try (socket) {
      for (ByteBuf bytes; (bytes = await(socket.read())) != null; ) {
        await(socket.write(bytes));
      }
    }
    return done();
  }

  private static CompletableFuture<@Nullable Void> framed(TcpStream socket, int size) {
    Frames frames = new Frames(size);
    try (socket) {
      for (ByteBuf bytes; (bytes = await(socket.read())) != null; ) {
        frames.add(bytes);
        for (ByteBuf frame; (frame = frames.next()) != null; ) {
          int micros = Frames.micros(frame);
          switch (Frames.command(frame)) {
            case Burn.INLINE -> Burn.micros(micros);
            case Burn.ELSEWHERE -> await(burnElsewhere(micros));
            default -> {}
          }
          await(socket.write(frame));
        }
      }
    } finally {
      frames.release();
    }
    return done();
  }

  private static CompletableFuture<@Nullable Void> burnElsewhere(int micros) {
    return Async.spawnBlocking(
        () -> {
          Burn.micros(micros);
          return null;
        });
  }
}
