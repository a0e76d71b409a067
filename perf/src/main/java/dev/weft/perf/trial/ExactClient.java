package dev.weft.perf.trial;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows every byte that it has to get back. It blocks; used by one thread, or by
 * one that sends and one that receives, but for {@link #close}.
 */
final class ExactClient implements AutoCloseable {
  private final Socket socket;
  private final Payload payload;
  private volatile long sent; // by one thread only
  private long received;

  private ExactClient(Socket socket, long seed) {
    this.socket = socket;
    this.payload = new Payload(seed);
  }

  /**
   * Connects.
   *
   * @param seed of the bytes that it sends
   * @param timeout how long to wait for the connection, and for any bytes later
   */
  static ExactClient connect(InetSocketAddress server, long seed, Duration timeout)
      throws IOException {
    return connect(server, null, seed, timeout);
  }

  /** The same, from an address of its own; null for any. */
  static ExactClient connect(
      InetSocketAddress server, @Nullable InetSocketAddress from, long seed, Duration timeout)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) timeout.toMillis());
      if (from != null) {
        socket.setReuseAddress(true); // an earlier connection from there may not be forgotten yet
        socket.bind(from);
      }
      socket.connect(server, (int) timeout.toMillis());
      return new ExactClient(socket, seed);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** One connection, one echo of so many bytes, and the server's end of it. */
  static void converse(InetSocketAddress server, long seed, int bytes, Duration timeout)
      throws IOException {
    try (ExactClient client = connect(server, seed, timeout)) {
      client.roundTrip(bytes);
      client.finish();
    }
  }

  /** Sends the next bytes; few enough for the kernel's buffers, if it is not to wait for ever. */
  void send(int bytes) throws IOException {
    long from = sent;
    socket.getOutputStream().write(payload.bytes(from, bytes));
    sent = from + bytes;
  }

  /**
   * Receives so many bytes.
   *
   * @throws WrongEchoException if one is not what was sent
   * @throws EOFException if the server ends the stream before
   */
  void receive(int bytes) throws IOException {
    byte[] buffer = new byte[Math.min(bytes, 1 << 14)];
    for (int left = bytes; left > 0; ) {
      int count = socket.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
      if (count < 0) {
        throw new EOFException("the stream ended after " + received + " of " + sent + " bytes");
      }
      int wrong = payload.mismatch(received, buffer, count);
      if (wrong >= 0) {
        throw new WrongEchoException("byte " + (received + wrong) + " is wrong");
      }
      received += count;
      left -= count;
    }
  }

  /** Sends and receives so many. */
  void roundTrip(int bytes) throws IOException {
    send(bytes);
    receive(bytes);
  }

  /** Ends its own stream, receives all that is still due, and the server's end. */
  void finish() throws IOException {
    socket.shutdownOutput();
    receive((int) owed());
    expectEnd();
  }

  /** Receives the server's end of the stream. */
  void expectEnd() throws IOException {
    if (socket.getInputStream().read() >= 0) {
      throw new WrongEchoException("more came back than the " + sent + " bytes that were sent");
    }
  }

  /** Bytes that have not come back yet. */
  long owed() {
    return sent - received;
  }

  /** Bytes that have come back. */
  long received() {
    return received;
  }

  /** Ends its own stream; what is due still comes. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection by a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** From any thread: whoever waits for bytes is woken by an exception. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // nothing more was to be had from it
    }
  }
}
