package dev.weft.weaver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;

/**
 * What a command prints much of: in large pieces, and to an end as soon as nobody reads it any more
 * ({@code | head}).
 */
final class CommandOutput implements Appendable {
  private static final int PIECE = 1 << 15;
  private static final int LAST_ASCII = 0x7e;

  /** Nobody reads it any more. No failure. */
  static final class ClosedException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final PrintWriter out;
  private final StringBuilder piece = new StringBuilder(2 * PIECE);

  CommandOutput(PrintWriter out) {
    this.out = out;
  }

  /**
   * Copies a text.
   *
   * @param ascii whether it is JSON, in which other characters can be written with those of ASCII,
   *     as then it does not matter what the terminal's encoding is
   * @return how many characters that were
   */
  long copy(Reader from, boolean ascii) throws IOException {
    char[] some = new char[PIECE];
    long all = 0;
    for (int read; (read = from.read(some)) >= 0; ) {
      all += read;
      for (int i = 0; i < read; i++) {
        if (ascii && some[i] > LAST_ASCII) {
          piece.append(String.format("\\u%04x", (int) some[i]));
        } else {
          piece.append(some[i]);
        }
      }
      flushIfFull();
    }
    return all;
  }

  void flush() throws ClosedException {
    out.append(piece);
    piece.setLength(0);
    if (out.checkError()) {
      throw new ClosedException();
    }
  }

  private CommandOutput flushIfFull() throws ClosedException {
    if (piece.length() >= PIECE) {
      flush();
    }
    return this;
  }

  @Override
  public CommandOutput append(CharSequence text) throws IOException {
    piece.append(text);
    return flushIfFull();
  }

  @Override
  public CommandOutput append(CharSequence text, int start, int end) throws IOException {
    piece.append(text, start, end);
    return flushIfFull();
  }

  @Override
  public CommandOutput append(char c) throws IOException {
    piece.append(c);
    return flushIfFull();
  }
}
