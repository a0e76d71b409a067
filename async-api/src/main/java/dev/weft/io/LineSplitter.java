package dev.weft.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of bytes, however those are cut up. A line ends with {@code \n}, {@code \r} or {@code
 * \r\n}, as {@link java.io.BufferedReader} has it, and is there as soon as its end is: one that
 * ends with {@code \r} does not wait for what may follow.
 */
final class LineSplitter {
  private static final int CHARS = 4096;

  private final CharsetDecoder decoder;
  private final int limit;
  private final CharBuffer chars = CharBuffer.allocate(CHARS);
  private final StringBuilder line = new StringBuilder();

  /** The beginning of a character whose other bytes have yet to come. */
  private ByteBuffer left = ByteBuffer.allocate(0);

  private boolean afterReturn;

  /**
   * Begins at the beginning of a line.
   *
   * @param limit how many characters a line may have
   */
  LineSplitter(CharsetDecoder decoder, int limit) {
    this.decoder = decoder;
    this.limit = limit;
  }

  /** The lines that end in these bytes. */
  List<String> feed(ByteBuffer bytes) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteBuffer all = bytes;
    if (left.hasRemaining()) {
      all = ByteBuffer.allocate(left.remaining() + bytes.remaining()).put(left).put(bytes).flip();
    }
    decode(all, false, lines);
    left = ByteBuffer.allocate(all.remaining()).put(all).flip();
    return lines;
  }

  /** There are no more bytes: what is left of them, if anything is. */
  @Nullable String end() throws IOException {
    decode(left, true, new ArrayList<>()); // at most one character, and a beginning has no end
    flush();
    if (line.length() == 0) {
      return null;
    }
    String last = line.toString();
    line.setLength(0);
    return last;
  }

  private void decode(ByteBuffer bytes, boolean isEnd, List<String> lines) throws IOException {
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, isEnd);
      split(lines);
      if (result.isError()) {
        result.throwException();
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private void flush() throws IOException {
    decoder.flush(chars);
    split(new ArrayList<>());
  }

  private void split(List<String> lines) throws IOException {
    chars.flip();
    while (chars.hasRemaining()) {
      char next = chars.get();
      if (next == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        lines.add(line.toString());
        line.setLength(0);
      } else if (line.length() == limit) {
        throw new IOException("a line has more than " + limit + " characters");
      } else {
        line.append(next);
      }
    }
    chars.clear();
  }
}
