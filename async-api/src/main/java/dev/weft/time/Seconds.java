package dev.weft.time;

/** Times for people to read, in seconds with three decimals. */
public final class Seconds {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int MILLIS = 1000;
  private static final int TEN = 10;
  private static final int HUNDRED = 100;

  private Seconds() {}

  /** Rounded down; zero if it is negative: {@code 1.234 s}. */
  public static String ofNanos(long nanos) {
    return ofMillis(nanos / NANOS_PER_MILLI);
  }

  /** Zero if it is negative. By hand: a report has a million of them, and a format takes 1 us. */
  public static String ofMillis(long millis) {
    long whole = Math.max(0, millis);
    int rest = (int) (whole % MILLIS);
    return whole / MILLIS + zeros(rest) + rest + " s";
  }

  private static String zeros(int rest) {
    return rest < TEN ? ".00" : rest < HUNDRED ? ".0" : ".";
  }

  /** Appends the same. */
  public static StringBuilder append(StringBuilder text, long millis) {
    long whole = Math.max(0, millis);
    int rest = (int) (whole % MILLIS);
    return text.append(whole / MILLIS).append(zeros(rest)).append(rest).append(" s");
  }
}
