package dev.weft.jfr;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingControl;
import jdk.jfr.Timespan;

/**
 * From which lag on timers are told of: a number and a unit, as the recorder's own {@code
 * threshold} has it, which counts for durations alone. What is neither is no threshold. Of several
 * recordings that with the least decides, as with that one.
 */
@Name("dev.weft.LagThreshold")
@Label("Lag Threshold")
@Description("From which lag on timers are told of, as in 10 ms")
@Timespan
public final class LagThreshold extends SettingControl {
  /** Twice what a sleeper needs that was late by its own fault: guessed. */
  static final String DEFAULT = "10 ms";

  private volatile String value = DEFAULT;
  private volatile long nanos = parse(DEFAULT);

  /** For the recorder, which makes one for the event. */
  public LagThreshold() {}

  long nanos() {
    return nanos;
  }

  @Override
  public String combine(Set<String> values) {
    String least = DEFAULT;
    long leastNanos = Long.MAX_VALUE;
    for (String each : values) {
      if (parse(each) < leastNanos) {
        least = each;
        leastNanos = parse(each);
      }
    }
    return least;
  }

  @Override
  public void setValue(String chosen) {
    value = chosen;
    nanos = parse(chosen);
  }

  @Override
  public String getValue() {
    return value;
  }

  /** In nanoseconds; 0 for what is no time. */
  static long parse(String text) {
    String[] parts = text.strip().split("\\s+", -1);
    try {
      return parts.length == 2 ? unit(parts[1]).toNanos(Long.parseLong(parts[0])) : 0;
    } catch (IllegalArgumentException unknown) {
      return 0;
    }
  }

  private static TimeUnit unit(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "ns" -> TimeUnit.NANOSECONDS;
      case "us" -> TimeUnit.MICROSECONDS;
      case "ms" -> TimeUnit.MILLISECONDS;
      case "s" -> TimeUnit.SECONDS;
      case "m" -> TimeUnit.MINUTES;
      case "h" -> TimeUnit.HOURS;
      case "d" -> TimeUnit.DAYS;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
