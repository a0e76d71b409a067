package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see the page, and what a browser is told to do with it. */
class AccessTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final int MILLIS = 60_000;

  /** The status of a request with whatever Host: the JDK's client sets its own. */
  private static String status(Served served, String method, String target, String fields)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", served.inspector.address().getPort())) {
      socket.setSoTimeout(MILLIS);
      socket
          .getOutputStream()
          .write(
              (method + " " + target + " HTTP/1.1\r\n" + fields + "connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return line == null ? "" : line.split(" ")[1];
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1:9090", "LOCALHOST:80", "[::1]:1", "127.1.2.3"})
  void namesOfTheLoopbackAreServed(String host) throws Exception {
    try (Served served = new Served()) {
      assertThat(status(served, "GET", "/", "host: " + host + "\r\n")).isEqualTo("200");
      assertThat(status(served, "GET", "/api/tasks", "host: " + host + "\r\n")).isEqualTo("200");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9090",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.localhost",
        "10.0.0.1",
        "[::2]",
        "localhost:80:80",
        ""
      })
  void otherNamesAreNot(String host) throws Exception {
    try (Served served = new Served()) {
      for (String target : new String[] {"/", "/api/tasks", "/api/pulse", "/nowhere"}) {
        assertThat(status(served, "GET", target, "host: " + host + "\r\n")).isEqualTo("403");
      }
      assertThat(served.program.looks).hasValue(0);
    }
  }

  /** The name in the target does not make up for the field. */
  @Test
  void anAbsoluteTargetIsNoWayAround() throws Exception {
    try (Served served = new Served()) {
      assertThat(status(served, "GET", "http://localhost/api/tasks", "host: evil.example\r\n"))
          .isEqualTo("403");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get"})
  void nothingButReading(String method) throws Exception {
    try (Served served = new Served()) {
      HttpResponse<String> response =
          served.send(served.to("/api/tasks").method(method, BodyPublishers.noBody()).build());
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD");
      assertThat(served.program.looks).hasValue(0);
    }
  }

  @Test
  void headHasNoBody() throws Exception {
    try (Served served = new Served()) {
      HttpResponse<String> response =
          served.send(served.to("/").method("HEAD", BodyPublishers.noBody()).build());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/tasks", "/api/pulse", "/nowhere", "/api/stack?key=t1"})
  void everyAnswerIsGuarded(String target) throws Exception {
    try (Served served = new Served()) {
      HttpResponse<String> response = served.get(target);
      var fields = response.headers();
      assertThat(fields.firstValue("cache-control")).hasValue("no-store");
      assertThat(fields.firstValue("x-content-type-options")).hasValue("nosniff");
      assertThat(fields.firstValue("referrer-policy")).hasValue("no-referrer");
      assertThat(fields.firstValue("x-frame-options")).hasValue("DENY");
      assertThat(fields.firstValue("cross-origin-resource-policy")).hasValue("same-origin");
      assertThat(fields.allValues("content-security-policy"))
          .singleElement()
          .asString()
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(fields.map().keySet()).noneMatch(name -> name.startsWith("access-control"));
      assertThat(fields.firstValue("set-cookie")).isEmpty();
    }
  }

  @Test
  void thePageHasAllInIt() throws Exception {
    try (Served served = new Served()) {
      HttpResponse<String> response = served.get("/");
      assertThat(response.body())
          .contains("<style>/* The colors", "<script>\"use strict\"")
          .doesNotContain("/*style*/", "/*script*/", "src=", "@import", "http://", "https://")
          .doesNotContain(
              "innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "eval(");
      assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
          .contains("script-src 'sha256-", "style-src 'sha256-");
    }
  }

  @Test
  void anotherOriginsPageGetsNoData() throws Exception {
    try (Served served = new Served()) {
      for (String site : new String[] {"cross-site", "same-site"}) {
        HttpRequest request = served.to("/api/tasks").header("sec-fetch-site", site).build();
        assertThat(served.send(request).statusCode()).isEqualTo(403);
      }
      assertThat(served.program.looks).hasValue(0);
      HttpRequest own = served.to("/api/tasks").header("sec-fetch-site", "same-origin").build();
      assertThat(served.send(own).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/tasks?limit=201",
        "/api/tasks?limit=-1",
        "/api/tasks?limit=many",
        "/api/tasks?offset=-1",
        "/api/tasks?offset=2147483648",
        "/api/tasks?sort=color",
        "/api/tasks?state=odd",
        "/api/tasks?executor=first",
        "/api/tasks?text=%zz",
      })
  void whatNoPageOfOursSends(String target) throws Exception {
    try (Served served = new Served()) {
      assertThat(status(served, "GET", target, "host: localhost\r\n")).isEqualTo("400");
    }
  }

  @Test
  void whatIsTooLong() throws Exception {
    try (Served served = new Served()) {
      assertThat(served.get("/api/tasks?text=" + "a".repeat(201)).statusCode()).isEqualTo(400);
      assertThat(served.get("/api/tasks?site=" + "a".repeat(1001)).statusCode()).isEqualTo(400);
      assertThat(served.get("/api/stack?key=" + "a".repeat(33)).statusCode()).isEqualTo(400);
      assertThat(served.get("/?" + "a".repeat(3999)).statusCode()).isEqualTo(414);
      assertThat(served.program.looks).hasValue(0);
    }
  }

  // ---- with a token

  private static Served withToken() throws Exception {
    return new Served(builder -> builder.token(TOKEN));
  }

  @Test
  void withoutTheTokenThereIsNothing() throws Exception {
    try (Served served = withToken()) {
      for (String target :
          new String[] {
            "/", "/api/tasks", "/?token=" + TOKEN + "0", "/?token=", "/api/tasks?token=" + TOKEN
          }) {
        HttpResponse<String> response = served.get(target);
        assertThat(response.statusCode()).as(target).isEqualTo(401);
        assertThat(response.headers().firstValue("set-cookie")).isEmpty();
        assertThat(response.body()).doesNotContain(TOKEN);
      }
      assertThat(served.program.looks).hasValue(0);
    }
  }

  @Test
  void theTokenInTheUrlGetsACookie() throws Exception {
    try (Served served = withToken()) {
      HttpResponse<String> page = served.get("/?token=" + TOKEN);
      assertThat(page.statusCode()).isEqualTo(200);
      String cookie = page.headers().firstValue("set-cookie").orElseThrow();
      assertThat(cookie).endsWith("; Path=/; HttpOnly; SameSite=Strict").doesNotContain(TOKEN);
      String pair = cookie.substring(0, cookie.indexOf(';'));
      HttpRequest.Builder data = served.to("/api/tasks");
      assertThat(served.send(data.copy().header("cookie", pair).build()).statusCode())
          .isEqualTo(200);
      assertThat(served.send(data.copy().header("cookie", "a=b; " + pair).build()).statusCode())
          .isEqualTo(200);
      assertThat(served.send(data.copy().header("cookie", pair + "x").build()).statusCode())
          .isEqualTo(401);
      try (Served other = withToken()) {
        assertThat(other.send(other.to("/").header("cookie", pair).build()).statusCode())
            .as("of another start")
            .isEqualTo(401);
      }
    }
  }

  @Test
  void programsSendTheTokenInAField() throws Exception {
    try (Served served = withToken()) {
      HttpRequest.Builder data = served.to("/api/tasks");
      assertThat(
              served
                  .send(data.copy().header("authorization", "Bearer " + TOKEN).build())
                  .statusCode())
          .isEqualTo(200);
      assertThat(served.send(data.copy().header("authorization", "Bearer x").build()).statusCode())
          .isEqualTo(401);
      assertThat(
              served
                  .send(data.copy().header("authorization", "Basic " + TOKEN).build())
                  .statusCode())
          .isEqualTo(401);
    }
  }

  /** Whoever knows the token may use any name, a proxy's say. */
  @Test
  void withATokenTheNameDoesNotMatter() throws Exception {
    try (Served served = withToken()) {
      assertThat(
              status(
                  served,
                  "GET",
                  "/api/tasks",
                  "host: inspector.example\r\nauthorization: Bearer " + TOKEN + "\r\n"))
          .isEqualTo("200");
    }
  }

  @Test
  void anAddressForOthersNeedsAToken() throws Exception {
    assertThatThrownBy(() -> Inspector.builder().host("0.0.0.0").start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The inspector would be open to whoever reaches 0.0.0.0: give it a token"
                + " (Inspector.builder().token(..)), or have it listen on 127.0.0.1");
    try (Inspector open = Inspector.builder().host("0.0.0.0").token(TOKEN).start()) {
      assertThat(open.address().getPort()).isPositive();
    }
  }

  @Test
  void aTokenThatIsEasilyGuessed() {
    assertThatThrownBy(() -> Inspector.builder().token("secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 24 to 512 characters, not 6")
        .hasMessageContaining("openssl rand -hex 16");
    assertThatThrownBy(() -> Inspector.builder().token("a b".repeat(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters, digits and");
  }
}
