package dev.weft.http;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} of the answers, made up once a second. */
final class Now {
  /** RFC 9110, 5.6.7: two digits for the day, which the JDK's RFC_1123_DATE_TIME has not. */
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Second(long number, AsciiString text) {}

  /** A race for it makes it up twice. */
  private static volatile Second last = new Second(-1, AsciiString.EMPTY_STRING);

  private Now() {}

  static CharSequence text() {
    long number = System.currentTimeMillis() / 1000;
    Second now = last;
    if (now.number != number) {
      last = now = new Second(number, AsciiString.of(FORMAT.format(Instant.ofEpochSecond(number))));
    }
    return now.text;
  }
}
