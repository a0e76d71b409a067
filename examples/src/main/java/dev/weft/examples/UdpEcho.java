package dev.weft.examples;

import static dev.weft.Async.await;

import dev.weft.net.Datagram;
import dev.weft.net.UdpOptions;
import dev.weft.net.UdpSocket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends every datagram back to where it came from (RFC 862). One task does it: as long as there are
 * datagrams it does not wait, and its answers go out together. One that was too long to be received
 * whole is not answered, as what would be sent back is not what has come.
 */
final class UdpEcho {
  /** Room for a burst: what does not fit into the kernel's buffer is lost. */
  static final UdpOptions OPTIONS = UdpOptions.defaults().receiveBuffer(1 << 20).receiveSize(8_192);

  private UdpEcho() {}

  /** Binds a port and echoes; never ends but by a failure. */
  static CompletableFuture<@Nullable Void> serve(String host, int port) {
    return serve(await(UdpSocket.bind(host, port, OPTIONS)));
  }

  /** Echoes until the socket is closed, and fails then. */
  static CompletableFuture<@Nullable Void> serve(UdpSocket socket) {
    try (socket) {
      while (true) {
        Datagram datagram = await(socket.receive());
        if (datagram.truncated()) {
          datagram.content().release();
        } else {
          await(socket.send(datagram.content(), datagram.sender()));
        }
      }
    }
  }
}
