package dev.weft.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/1.1 that sends what it is told to, and reads answers by the book. */
final class Client implements AutoCloseable {
  /** An answer, with the names of its fields in lower case. */
  record Reply(
      String status, Map<String, String> headers, String body, Map<String, String> trailers) {
    int code() {
      return Integer.parseInt(status.substring(9, 12));
    }

    @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  private final Socket socket;
  private final InputStream in;

  Client(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Wait.LONG.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  Socket socket() {
    return socket;
  }

  /** Sends characters as bytes; {@code \n} is sent as it is. */
  Client send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Client send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** A request without a body. */
  Client request(String methodAndTarget) throws IOException {
    return send(methodAndTarget + " HTTP/1.1\r\nhost: test\r\n\r\n");
  }

  Client post(String target, String body) throws IOException {
    return send(
        "POST "
            + target
            + " HTTP/1.1\r\nhost: test\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  Reply reply() throws IOException {
    return reply(false);
  }

  /**
   * Reads an answer, and interim ones as answers of their own.
   *
   * @param toHead whether it answers a {@code HEAD}
   */
  Reply reply(boolean toHead) throws IOException {
    String status = line();
    Map<String, String> headers = fields();
    int code = Integer.parseInt(status.substring(9, 12));
    Map<String, String> trailers = Map.of();
    String body = "";
    String length = headers.get("content-length");
    if (toHead || code < 200 || code == 204 || code == 304) {
      body = "";
    } else if ("chunked".equals(headers.get("transfer-encoding"))) {
      StringBuilder all = new StringBuilder();
      for (int size; (size = Integer.parseInt(line(), 16)) > 0; ) {
        all.append(bytes(size));
        if (!line().isEmpty()) {
          throw new IOException("a chunk is longer than it says");
        }
      }
      body = all.toString();
      trailers = fields();
    } else if (length != null) {
      body = bytes(Integer.parseInt(length));
    } else {
      body = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    return new Reply(status, headers, body, trailers);
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new TreeMap<>();
    for (String line; !(line = line()).isEmpty(); ) {
      int colon = line.indexOf(':');
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return fields;
  }

  private String bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException(bytes.length + " bytes of " + count);
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) != '\n'; ) {
      if (b < 0) {
        throw new EOFException("after: " + line);
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new IOException("a bare line feed after: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  /** Whether the server has ended the connection in order, and nothing else has come. */
  boolean isEnded() throws IOException {
    return in.read() < 0;
  }

  /** Whether the server has broken it off. Drops what has come before. */
  boolean isReset() throws IOException {
    try {
      in.readAllBytes();
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Breaks it off. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
