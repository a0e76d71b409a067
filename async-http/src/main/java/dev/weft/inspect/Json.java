package dev.weft.inspect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes JSON, member by member. What it is given may come from anybody: see {@link #string}. */
final class Json {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder();

  /** Whether the next value is behind another one of the same array or object. */
  private boolean follows;

  Json open(char bracket) {
    separate();
    text.append(bracket);
    follows = false;
    return this;
  }

  Json close(char bracket) {
    text.append(bracket);
    follows = true;
    return this;
  }

  /** The name of the member whose value comes next. */
  Json name(String name) {
    separate();
    string(name);
    text.append(':');
    follows = false;
    return this;
  }

  Json value(@Nullable String value) {
    separate();
    if (value == null) {
      text.append("null");
    } else {
      string(value);
    }
    return this;
  }

  Json value(long value) {
    separate();
    text.append(value);
    return this;
  }

  Json value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  Json member(String name, @Nullable String value) {
    return name(name).value(value);
  }

  Json member(String name, long value) {
    return name(name).value(value);
  }

  Json member(String name, boolean value) {
    return name(name).value(value);
  }

  /** The members that another one has written, with nothing around them. */
  Json members(Json other) {
    if (other.text.length() > 0) {
      separate();
      text.append(other.text);
    }
    return this;
  }

  private void separate() {
    if (follows) {
      text.append(',');
    }
    follows = true;
  }

  /**
   * Besides what JSON demands, what could end a script or a string of JavaScript is escaped, should
   * anybody paste it there, and halves of surrogate pairs, of which UTF-8 has none.
   */
  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == 0x7f || c >= 0x2000) {
        escape(c);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private void escape(char c) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(HEX.charAt(c >> shift & 0xf));
    }
  }

  byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
