package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An inspector of a program that a test has thought out, and a client. */
final class Served implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONG).build();

  final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().name("shop").workers(2).build();
  final FakeProgram program = new FakeProgram();
  final Inspector inspector;

  Served() throws Exception {
    this(builder -> builder);
  }

  Served(UnaryOperator<Inspector.Builder> options) throws Exception {
    program.executors.add(executor);
    inspector = options.apply(Inspector.builder()).start(own -> program);
  }

  /** Tasks 1 to a number, with rising ages. */
  Served withTasks(int number) {
    List<Sight> sights = new ArrayList<>();
    for (int i = 1; i <= number; i++) {
      sights.add(FakeSight.suspended(executor, i));
    }
    program.sights = sights;
    return this;
  }

  URI at(String target) {
    return inspector.address().resolve(target);
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(at(target)).timeout(LONG);
  }

  HttpResponse<String> get(String target) throws Exception {
    return send(to(target).build());
  }

  /** The body of an answer that is there. */
  String json(String target) throws Exception {
    HttpResponse<String> response = get(target);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/json; charset=utf-8");
    return response.body();
  }

  /** The keys of the rows, in order. */
  List<String> keys(String query) throws Exception {
    return all("key", json("/api/tasks" + query));
  }

  /** The values of all members of a name. */
  static List<String> all(String name, String json) {
    Matcher matcher =
        Pattern.compile("\"" + name + "\":(\"(?:[^\"\\\\]|\\\\.)*\"|[^,}\\]]*)").matcher(json);
    List<String> values = new ArrayList<>();
    while (matcher.find()) {
      String value = matcher.group(1);
      values.add(value.startsWith("\"") ? value.substring(1, value.length() - 1) : value);
    }
    return values;
  }

  static String one(String name, String json) {
    List<String> values = all(name, json);
    assertThat(values).as(name).isNotEmpty();
    return values.get(0);
  }

  @Override
  public void close() {
    inspector.close();
    executor.close();
  }
}
