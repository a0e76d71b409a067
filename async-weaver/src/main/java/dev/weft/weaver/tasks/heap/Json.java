package dev.weft.weaver.tasks.heap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes JSON as it comes, and nothing but ASCII, whatever the terminal is made for. */
final class Json {
  private static final int LAST_CONTROL = 0x1f;
  private static final int LAST_ASCII = 0x7e;

  private final Appendable to;

  /** The next member or element is the first one. */
  private boolean first = true;

  Json(Appendable to) {
    this.to = to;
  }

  Json begin(char bracket) throws IOException {
    comma();
    to.append(bracket);
    first = true;
    return this;
  }

  Json end(char bracket) throws IOException {
    to.append(bracket);
    first = false;
    return this;
  }

  /** Begins a new line, for people. */
  Json line() throws IOException {
    if (!first) {
      to.append(',');
    }
    to.append('\n');
    first = true;
    return this;
  }

  Json name(String name) throws IOException {
    comma();
    quoted(name);
    to.append(':');
    first = true;
    return this;
  }

  Json value(@Nullable String text) throws IOException {
    comma();
    if (text == null) {
      to.append("null");
    } else {
      quoted(text);
    }
    return this;
  }

  Json value(long number) throws IOException {
    comma();
    to.append(Long.toString(number));
    return this;
  }

  Json member(String name, @Nullable String text) throws IOException {
    return name(name).value(text);
  }

  Json member(String name, long number) throws IOException {
    return name(name).value(number);
  }

  private void comma() throws IOException {
    if (!first) {
      to.append(',');
    }
    first = false;
  }

  private void quoted(String text) throws IOException {
    to.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c > LAST_CONTROL && c <= LAST_ASCII) {
        to.append(c);
      } else {
        to.append("\\u").append(String.format("%04x", (int) c));
      }
    }
    to.append('"');
  }
}
