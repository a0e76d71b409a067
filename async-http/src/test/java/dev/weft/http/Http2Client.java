package dev.weft.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/2 that sends the frames that it is told to, and no other but for settings. */
final class Http2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int WINDOW_UPDATE = 8;

  static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** Of a reset, or how many bytes more there is room for. */
    int number() {
      return ByteBuffer.wrap(payload).getInt();
    }

    String text() {
      return new String(payload, StandardCharsets.ISO_8859_1);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder fields = new DefaultHttp2HeadersDecoder();

  /**
   * @param window what a stream may send to it at first, in bytes
   */
  Http2Client(InetSocketAddress address, int window) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Wait.LONG.toMillis());
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes("US-ASCII"));
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
    send(SETTINGS, 0, 0, settings);
  }

  Http2Client(InetSocketAddress address) throws IOException {
    this(address, 65_535);
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
  }

  /** A request: its method, its path, and the names and values of further fields. */
  void request(int stream, boolean whole, String method, String path, String... more)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    add(block, ":method", method, ":scheme", "http", ":path", path, ":authority", "test");
    add(block, more);
    send(HEADERS, END_HEADERS | (whole ? END_STREAM : 0), stream, block.toByteArray());
  }

  void trailers(int stream, String... namesAndValues) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    add(block, namesAndValues);
    send(HEADERS, END_HEADERS | END_STREAM, stream, block.toByteArray());
  }

  /** Literals without indexing, of fewer than 127 bytes: RFC 7541, 6.2.2. */
  private static void add(ByteArrayOutputStream block, String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) {
        block.write(0);
      }
      byte[] bytes = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
      block.write(bytes.length);
      block.writeBytes(bytes);
    }
  }

  void data(int stream, boolean last, int bytes) throws IOException {
    send(DATA, last ? END_STREAM : 0, stream, new byte[bytes]);
  }

  void reset(int stream) throws IOException {
    send(RESET, 0, stream, new byte[] {0, 0, 0, 8});
  }

  void window(int stream, int bytes) throws IOException {
    send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  /** The next frame, but for settings and windows; null at the end. */
  @Nullable Frame read() throws IOException {
    Frame frame;
    do {
      frame = readAny();
    } while (frame != null && frame.type == WINDOW_UPDATE);
    return frame;
  }

  /** The next frame, but for settings; null at the end. */
  @Nullable Frame readAny() throws IOException {
    while (true) {
      Frame frame;
      try {
        int first = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[first >>> 8];
        in.readFully(payload);
        frame = new Frame(first & 0xff, flags, stream, payload);
      } catch (EOFException end) {
        return null;
      }
      if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
        send(SETTINGS, ACK, 0, new byte[0]);
      } else if (frame.type != SETTINGS) {
        return frame;
      }
    }
  }

  /** The next frame, which has to be this one. */
  Frame read(int type, int stream) throws IOException {
    Frame frame = read();
    if (frame == null || frame.type != type || frame.stream != stream) {
      throw new AssertionError(
          "Not a frame of type " + type + " on stream " + stream + ": " + frame);
    }
    return frame;
  }

  Http2Headers fields(Frame frame) throws Http2Exception {
    return fields.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
  }

  /** Reads an answer to its end. */
  String answer(int stream) throws Exception {
    Frame head = read(HEADERS, stream);
    StringBuilder text = new StringBuilder(fields(head).status()).append(' ');
    for (Frame part = head; !part.endsStream(); ) {
      part = read(DATA, stream);
      text.append(part.text());
    }
    return text.toString();
  }

  /** Has the server answer a ping: all that was sent before is done with. */
  void ping() throws IOException {
    send(PING, 0, 0, new byte[8]);
    read(PING, 0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
