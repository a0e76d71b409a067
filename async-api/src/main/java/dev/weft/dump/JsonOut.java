package dev.weft.dump;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) as it comes, and keeps nothing of it. What is passed as a name is written
 * as it is; values are escaped, and what is no Unicode is replaced.
 */
final class JsonOut {
  private static final String HEX = "0123456789abcdef";
  private static final char FIRST_PRINTABLE = 0x20;
  private static final char LINE_SEPARATOR = 0x2028;
  private static final char PARAGRAPH_SEPARATOR = 0x2029;
  private static final char REPLACEMENT = 0xfffd;
  private static final int NIBBLE = 4;
  private static final int LOW = 0xf;

  /** Characters. Guessed: many entries, and little to keep. */
  private static final int BUFFERED = 8192;

  private final Appendable out;

  /** What is yet to be written: a million entries of thirty pieces are many calls. */
  private final StringBuilder to = new StringBuilder(2 * BUFFERED);

  /** Whether a comma is due before the next member or element. */
  private boolean follows;

  JsonOut(Appendable out) {
    this.out = out;
  }

  JsonOut begin(char bracket) {
    separate();
    to.append(bracket);
    follows = false;
    return this;
  }

  JsonOut end(char bracket) {
    to.append(bracket);
    follows = true;
    return this;
  }

  /** The name of what is written next. */
  JsonOut name(String name) {
    separate();
    to.append('"').append(name).append("\":");
    follows = false;
    return this;
  }

  /** The same with a name that is anybody's. */
  JsonOut nameOf(String name) {
    separate();
    quote(name);
    to.append(':');
    follows = false;
    return this;
  }

  JsonOut value(@Nullable String value) {
    separate();
    if (value == null) {
      to.append("null");
    } else {
      quote(value);
    }
    follows = true;
    return this;
  }

  JsonOut value(long value) {
    separate();
    to.append(value);
    follows = true;
    return this;
  }

  JsonOut member(String name, @Nullable String value) {
    return name(name).value(value);
  }

  JsonOut member(String name, long value) {
    return name(name).value(value);
  }

  /** For people: where the next one may stand. */
  JsonOut line() throws IOException {
    separate();
    follows = false;
    to.append('\n');
    if (to.length() >= BUFFERED) {
      flush();
    }
    return this;
  }

  /** Nothing comes after this. */
  void finish() throws IOException {
    to.append('\n');
    flush();
  }

  private void flush() throws IOException {
    out.append(to.toString()); // who takes it may keep it
    to.setLength(0);
  }

  private void separate() {
    if (follows) {
      to.append(',');
    }
  }

  private void quote(String value) {
    to.append('"');
    int written = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= FIRST_PRINTABLE
          && c != '"'
          && c != '\\'
          && c != LINE_SEPARATOR
          && c != PARAGRAPH_SEPARATOR
          && !Character.isSurrogate(c)) {
        continue;
      }
      boolean pair = i + 1 < value.length() && Character.isSurrogatePair(c, value.charAt(i + 1));
      if (pair) {
        i++;
        continue;
      }
      to.append(value, written, i);
      escape(c);
      written = i + 1;
    }
    to.append(value, written, value.length()).append('"');
  }

  private void escape(char c) {
    if (c == '"' || c == '\\') {
      to.append('\\').append(c);
    } else if (c == '\n') {
      to.append("\\n");
    } else if (Character.isSurrogate(c)) { // half of a character
      to.append(REPLACEMENT);
    } else {
      to.append("\\u");
      for (int shift = Character.SIZE - NIBBLE; shift >= 0; shift -= NIBBLE) {
        to.append(HEX.charAt(c >> shift & LOW));
      }
    }
  }
}
