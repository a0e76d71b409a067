package dev.weft.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That async-http is strict in all of the cases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeftHttpCasesTest {
  /** For what has to come. */
  private static final Duration LONG = Duration.ofMinutes(1);

  @SuppressWarnings("NullAway.Init")
  private WeftHttpServer server;

  @BeforeAll
  void start() throws Exception {
    server = new WeftHttpServer(0, Duration.ofSeconds(1));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  static List<HttpCase> cases() {
    return HttpCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isStrict(HttpCase each) throws Exception {
    assertThat(each.problems(RawClient.run(each, server.address(), LONG))).isEmpty();
  }
}
