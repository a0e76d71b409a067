package dev.weft.net.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.NodeExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A loop of one thread, which nobody leaves: what it has handled does not keep it from waiting. */
class BlockingAgainTest {
  @Test
  void afterARoundOfHandlersTheLoopMayBlock() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().build();
        TcpListener listener = node.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
        Socket peer = new Socket("127.0.0.1", listener.localAddress().getPort());
        TcpStream accepted = node.blockOn(listener::accept)) {
      assertThat(accepted.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
      WorkerEventLoop loop = SocketDriver.of(node).loop();
      boolean mayBlock =
          node.blockOn(() -> CompletableFuture.completedFuture(loop.hasNothingToRun()));
      assertThat(mayBlock).isTrue();
    }
  }
}
