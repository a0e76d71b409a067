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

  private final Appendable to;

  /** Whether a comma is due before the next member or element. */
  private boolean follows;

  JsonOut(Appendable to) {
    this.to = to;
  }

  JsonOut begin(char bracket) throws IOException {
    separate();
    to.append(bracket);
    follows = false;
    return this;
  }

  JsonOut end(char bracket) throws IOException {
    to.append(bracket);
    follows = true;
    return this;
  }

  /** The name of what is written next. */
  JsonOut name(String name) throws IOException {
    separate();
    to.append('"').append(name).append("\":");
    follows = false;
    return this;
  }

  /** The same with a name that is anybody's. */
  JsonOut nameOf(String name) throws IOException {
    separate();
    quote(name);
    to.append(':');
    follows = false;
    return this;
  }

  JsonOut value(@Nullable String value) throws IOException {
    separate();
    if (value == null) {
      to.append("null");
    } else {
      quote(value);
    }
    follows = true;
    return this;
  }

  JsonOut value(long value) throws IOException {
    separate();
    to.append(Long.toString(value));
    follows = true;
    return this;
  }

  JsonOut member(String name, @Nullable String value) throws IOException {
    return name(name).value(value);
  }

  JsonOut member(String name, long value) throws IOException {
    return name(name).value(value);
  }

  /** For people: where the next one may stand. */
  JsonOut line() throws IOException {
    separate();
    follows = false;
    to.append('\n');
    return this;
  }

  /** Nothing comes after this. */
  void finish() throws IOException {
    to.append('\n');
  }

  private void separate() throws IOException {
    if (follows) {
      to.append(',');
    }
  }

  private void quote(String value) throws IOException {
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

  private void escape(char c) throws IOException {
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
