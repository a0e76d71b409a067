package dev.weft.perf;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.Duration;

/** How results are written and read: records as objects, durations in seconds. */
public final class Json {
  private static final Gson COMPACT = builder().create();
  private static final Gson PRETTY = builder().setPrettyPrinting().create();

  private Json() {}

  private static GsonBuilder builder() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeSpecialFloatingPointValues()
        .registerTypeAdapter(Duration.class, new Seconds().nullSafe());
  }

  /** On one line. */
  public static String compact(Object value) {
    return COMPACT.toJson(value);
  }

  /** Laid out for people. */
  public static String pretty(Object value) {
    return PRETTY.toJson(value);
  }

  /**
   * Reads what was written.
   *
   * @throws com.google.gson.JsonParseException if the text is no such thing
   */
  public static <T> T read(String text, Class<T> type) {
    return COMPACT.fromJson(text, type);
  }

  private static final class Seconds extends TypeAdapter<Duration> {
    @Override
    public void write(JsonWriter out, Duration value) throws IOException {
      out.value(value.toNanos() / 1e9);
    }

    @Override
    public Duration read(JsonReader in) throws IOException {
      return Duration.ofNanos(Math.round(in.nextDouble() * 1e9));
    }
  }
}
