package dev.weft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Methods that are given a time, and what comes of times of any length: a table. */
class TimeRows {
  /** The times that every row is tried with. */
  enum Time {
    LEAST(Long.MIN_VALUE, TimeUnit.SECONDS),
    NEGATIVE(-1, TimeUnit.NANOSECONDS),
    ZERO(0, TimeUnit.NANOSECONDS),
    ONE(1, TimeUnit.NANOSECONDS),
    MOST_NANOS(Long.MAX_VALUE, TimeUnit.NANOSECONDS),
    MOST(Long.MAX_VALUE, TimeUnit.SECONDS);

    final long amount;
    final TimeUnit unit;

    Time(long amount, TimeUnit unit) {
      this.amount = amount;
      this.unit = unit;
    }

    Duration duration() {
      return Duration.of(amount, unit.toChronoUnit());
    }

    boolean isLong() {
      return compareTo(ONE) > 0;
    }
  }

  interface Try {
    /** What comes of it, in a word. */
    String with(Time time) throws Exception;
  }

  /**
   * @param method as {@link TimeParameters} names it
   * @param outcomes of the times in their order
   */
  record Row(String method, Try tried, List<String> outcomes) {
    @Override
    public String toString() {
      return method;
    }
  }

  static final String REFUSED = "refused";

  /** Where the timer wheel ends. */
  static final String FOR_EVER = "4398046511103 ms";

  private final List<Row> rows = new ArrayList<>();

  List<Row> rows() {
    return rows;
  }

  void row(String method, Try tried, String... outcomes) {
    rows.add(new Row(method, tried, List.of(outcomes)));
  }

  static String[] each(String outcome) {
    String[] outcomes = new String[Time.values().length];
    Arrays.fill(outcomes, outcome);
    return outcomes;
  }
}
