package dev.weft.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the cases tell a strict server from another one, with Netty's codec as the server. */
class HttpCasesTest {
  /** For what has to come. */
  private static final Duration LONG = Duration.ofMinutes(1);

  /** What Netty's codec, the aggregator and no more of it is not strict in, or slow. */
  private static final Set<String> NOT_NETTY =
      Set.of(
          "nothing sent",
          "a slow request line",
          "a slow head",
          "a body that stops",
          "a chunked body that stops",
          "a length over the limit, no body yet",
          "coding \"gzip, chunked\"",
          "NUL in the target",
          "no Host",
          "two Hosts",
          "a Host with a path",
          "version \"HTTP/2.0\"",
          "version \"HTTP/3.0\"",
          "version \"http/1.1\"",
          "the preface of HTTP/2",
          "a method in small letters",
          "304",
          "an answer before the body");

  @SuppressWarnings("NullAway.Init")
  private NettyHttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = new NettyHttpServer(0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<HttpCase> strict() {
    return HttpCases.all().stream().filter(each -> !NOT_NETTY.contains(each.name()));
  }

  @ParameterizedTest
  @MethodSource("strict")
  void nettyIsStrict(HttpCase each) throws Exception {
    assertThat(each.problems(RawClient.run(each, server.address(), LONG))).isEmpty();
  }

  static Stream<HttpCase> lenient() {
    return HttpCases.all().stream().filter(each -> NOT_NETTY.contains(each.name()));
  }

  /** What does not come is waited for in vain: nothing here depends on how long. */
  @ParameterizedTest
  @MethodSource("lenient")
  void nettyIsNot(HttpCase each) throws Exception {
    Duration enough = Duration.ofMillis(500);
    assertThat(each.problems(RawClient.run(each, server.address(), enough))).isNotEmpty();
  }

  @Test
  void eachCaseHasANameOfItsOwn() {
    assertThat(HttpCases.all().stream().map(HttpCase::name)).doesNotHaveDuplicates();
    assertThat(HttpCases.all().stream().map(HttpCase::name)).containsAll(NOT_NETTY);
  }
}
