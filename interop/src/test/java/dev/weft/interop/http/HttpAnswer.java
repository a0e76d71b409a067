package dev.weft.interop.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came.
 *
 * @param status 9 if it is none of HTTP/1.x, such as that of HTTP/0.9
 * @param headers by names in small letters; of several the last. Trailers are among them
 * @param whole false if the connection ended before the body did
 */
record HttpAnswer(int status, Map<String, String> headers, String body, boolean whole) {
  static final int NOT_HTTP_1 = 9;

  boolean isInterim() {
    return status >= 100 && status < 200;
  }

  /** Reads one; null at the end. */
  static @Nullable HttpAnswer read(InputStream in, boolean toHead) throws IOException {
    String line = readLine(in);
    if (line == null) {
      return null;
    }
    if (!line.startsWith("HTTP/1.")) {
      byte[] rest = in.readAllBytes();
      return new HttpAnswer(NOT_HTTP_1, Map.of(), line + "\n" + latin(rest), true);
    }
    int status = Integer.parseInt(line.substring(9, 12));
    Map<String, String> headers = new LinkedHashMap<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole = true;
    try {
      readHeaders(in, headers);
      if (!toHead && status >= 200 && status != 204 && status != 304) {
        readBody(in, headers, body);
      }
    } catch (IOException brokenOff) {
      whole = false;
    }
    return new HttpAnswer(status, headers, latin(body.toByteArray()), whole);
  }

  private static void readBody(
      InputStream in, Map<String, String> headers, ByteArrayOutputStream body) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      int size;
      do {
        size = Integer.parseInt(required(readLine(in)).split(";")[0].strip(), 16);
        copy(in, size, body);
        if (size > 0) {
          readLine(in);
        }
      } while (size > 0);
      readHeaders(in, headers);
    } else if (headers.containsKey("content-length")) {
      copy(in, Integer.parseInt(headers.get("content-length")), body);
    } else {
      in.transferTo(body);
    }
  }

  private static void copy(InputStream in, int size, ByteArrayOutputStream body)
      throws IOException {
    byte[] bytes = in.readNBytes(size);
    body.writeBytes(bytes);
    if (bytes.length < size) {
      throw new EOFException();
    }
  }

  private static void readHeaders(InputStream in, Map<String, String> headers) throws IOException {
    for (String line; !(line = required(readLine(in))).isEmpty(); ) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
  }

  private static String required(@Nullable String line) throws EOFException {
    if (line == null) {
      throw new EOFException();
    }
    return line;
  }

  private static @Nullable String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next; (next = in.read()) != '\n'; ) {
      if (next < 0) {
        return line.size() == 0 ? null : latin(line.toByteArray());
      }
      line.write(next);
    }
    String text = latin(line.toByteArray());
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
