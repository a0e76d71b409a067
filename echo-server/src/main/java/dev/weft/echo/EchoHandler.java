package dev.weft.echo;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.net.TcpStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one client: everything it sends is sent back, until it has sent its last.
 */
final class EchoHandler {
  private EchoHandler() {}

  /**
   * Reads, and writes what it has read. It does not read on before the write is accepted, so a
   * client that does not fetch its echo makes the server wait, not grow. {@code write} takes the
   * buffer over, so there is nothing to release.
   */
  static CompletableFuture<@Nullable Void> echo(TcpStream socket) {
    try (socket) {
      for (ByteBuf buf; (buf = await(socket.read())) != null; ) {
        await(socket.write(buf));
      }
    }
    return done();
  }
}
