package dev.weft.perf.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The scores in the JSON files that JMH writes. */
public final class Jmh {
  /**
   * One benchmark's score.
   *
   * @param benchmark class and method, {@code PingPong.weft}
   * @param parameters in JMH's words, empty if it has none
   * @param score the mean
   * @param error half of the 99.9 % interval
   * @param unit of both
   * @param bytes allocated per operation; not a number if nobody looked
   * @param jdk on which it was run
   * @param source the file, whose name tells machine and date
   */
  public record Score(
      String benchmark,
      String parameters,
      double score,
      double error,
      String unit,
      double bytes,
      String jdk,
      String source) {}

  private Jmh() {}

  /** Reads files, and puts their scores one behind the other. */
  public static List<Score> read(List<Path> files) throws IOException {
    List<Score> scores = new ArrayList<>();
    for (Path file : files) {
      JsonElement all = JsonParser.parseString(Files.readString(file));
      if (!all.isJsonArray()) {
        System.out.println("perf/run: skipped: " + file + ", which is not finished");
        continue;
      }
      for (JsonElement element : all.getAsJsonArray()) {
        scores.add(score(element.getAsJsonObject(), String.valueOf(file.getFileName())));
      }
    }
    return scores;
  }

  private static Score score(JsonObject run, String source) {
    String name = run.get("benchmark").getAsString();
    int type = name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1;
    JsonObject metric = run.getAsJsonObject("primaryMetric");
    JsonObject secondary = run.getAsJsonObject("secondaryMetrics");
    JsonElement bytes = secondary == null ? null : secondary.get("gc.alloc.rate.norm");
    return new Score(
        name.substring(type),
        run.has("params") ? run.get("params").toString().replaceAll("[{}\"]", "") : "",
        number(metric.get("score")),
        number(metric.get("scoreError")),
        metric.get("scoreUnit").getAsString(),
        bytes == null ? Double.NaN : number(bytes.getAsJsonObject().get("score")),
        run.get("jdkVersion").getAsString(),
        source);
  }

  /** JMH writes "NaN" as text where there is none. */
  private static double number(JsonElement value) {
    return Double.parseDouble(value.getAsString());
  }
}
