package dev.weft.net;

import dev.weft.AsyncExecutor;
import java.net.Socket;

/** A stream and its peer, which is a plain socket that a test does as it likes with. */
final class Pair implements AutoCloseable {
  final AsyncExecutor executor;
  final TcpListener listener;
  final Socket peer;
  final TcpStream stream;

  private Pair(AsyncExecutor executor, TcpListener listener, Socket peer, TcpStream stream) {
    this.executor = executor;
    this.listener = listener;
    this.peer = peer;
    this.stream = stream;
  }

  static Pair open(Ground ground, TcpOptions options) throws Exception {
    AsyncExecutor executor = ground.open();
    try {
      TcpListener listener = Net.get(TcpListener.bind(executor, Net.loopback(0), options));
      Socket peer = Net.connectNarrow(listener);
      peer.setTcpNoDelay(true);
      return new Pair(executor, listener, peer, Net.get(listener.accept()));
    } catch (Throwable failed) {
      executor.close();
      throw failed;
    }
  }

  static Pair open(Ground ground) throws Exception {
    return open(ground, TcpOptions.defaults());
  }

  void send(byte[] bytes) throws Exception {
    peer.getOutputStream().write(bytes);
  }

  void send(String text) throws Exception {
    send(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Returns once the stream has taken in so much that a read finds it. */
  void awaitHeld(int bytes) throws Exception {
    Net.await(bytes + " bytes held", () -> stream.held() >= bytes);
  }

  @Override
  public void close() throws Exception {
    peer.close();
    stream.close();
    listener.close();
    executor.close();
  }
}
