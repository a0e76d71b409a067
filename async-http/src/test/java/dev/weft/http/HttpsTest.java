package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.net.TcpServer.DrainReport;
import dev.weft.net.TlsAcceptor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over TLS, with both protocols, for the JDK's client. */
@ExtendWith(LeakCheck.class)
class HttpsTest {
  private static TlsAcceptor tls;
  private static SSLContext trusting;

  @BeforeAll
  static void makeKeys(@TempDir Path folder) throws Exception {
    KeyStore store = KeyStores.ofLocalhost(folder);
    tls =
        TlsAcceptor.builder().certificate(store, KeyStores.PASSWORD).alpn("h2", "http/1.1").build();
    trusting = KeyStores.trusting(store);
  }

  private static HttpClient client(Version version) {
    return HttpClient.newBuilder().sslContext(trusting).version(version).build();
  }

  private static java.net.http.HttpRequest.Builder request(Site site, String target) {
    return java.net.http.HttpRequest.newBuilder(
        URI.create("https://localhost:" + site.address.getPort() + target));
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "EPOLL,HTTP_2",
    "EPOLL,HTTP_1_1",
    "IO_URING,HTTP_2",
    "NIO,HTTP_2",
    "NIO,HTTP_1_1",
    "NODE,HTTP_2",
    "NODE,HTTP_1_1"
  })
  void eachKindOfAnswer(Ground ground, Version version) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().bodyLimit(4 << 20), tls)) {
      HttpClient client = client(version);
      var which = client.send(request(site, "/tls").build(), BodyHandlers.ofString());
      assertThat(which.version()).isEqualTo(version);
      assertThat(which.body())
          .isEqualTo(version == Version.HTTP_2 ? "HTTP/2 TLSv1.3" : "HTTP/1.1 TLSv1.3");
      byte[] large = new byte[1 << 20];
      var echo =
          client.send(
              request(site, "/echo").POST(BodyPublishers.ofByteArray(large)).build(),
              BodyHandlers.ofByteArray());
      assertThat(echo.body()).isEqualTo(large);
      var counted =
          client.send(
              request(site, "/count")
                  .POST(BodyPublishers.ofByteArrays(List.of(large, large)))
                  .build(),
              BodyHandlers.ofString());
      assertThat(counted.body()).isEqualTo("" + 2 * large.length);
      assertThat(text(client, site, "/stream")).isEqualTo("one two tri ");
      assertThat(text(client, site, "/sized")).isEqualTo("one two tri ");
      var refused = client.send(request(site, "/refused").build(), BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(403);
      var unchanged = client.send(request(site, "/not-modified").build(), BodyHandlers.ofString());
      assertThat(unchanged.statusCode()).isEqualTo(304);
      for (String target : new String[] {"/emptied", "/reset"}) {
        assertThat(text(client, site, target)).isEmpty();
      }
      var head =
          client.send(
              request(site, "/").method("HEAD", BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());
      assertThat(head.headers().firstValue("content-length")).contains("5");
      for (String target : new String[] {"/broken", "/short"}) {
        assertThatThrownBy(() -> text(client, site, target)).isInstanceOf(IOException.class);
      }
      assertThat(text(client, site, "/")).isEqualTo("hello");
    }
  }

  private static String text(HttpClient client, Site site, String target) throws Exception {
    return client.send(request(site, target).build(), BodyHandlers.ofString()).body();
  }

  /** One connection, and they do not wait for each other. */
  @EachGround
  void streamsAreHandledAtOnce(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults(), tls)) {
      HttpClient client = client(Version.HTTP_2);
      assertThat(text(client, site, "/")).isEqualTo("hello");
      List<CompletableFuture<java.net.http.HttpResponse<String>>> gated = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        gated.add(client.sendAsync(request(site, "/gate").build(), BodyHandlers.ofString()));
      }
      Wait.until("all are handled", () -> site.handled.get() == 21);
      assertThat(site.server.open()).isEqualTo(1);
      site.gate.complete(null);
      for (var each : gated) {
        assertThat(get(each).body()).isEqualTo("open");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"EPOLL,HTTP_2", "EPOLL,HTTP_1_1", "NIO,HTTP_2", "NODE,HTTP_2"})
  void whoCancelsCancelsTheHandler(Ground ground, Version version) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults(), tls)) {
      HttpClient client = client(version);
      for (String target : new String[] {"/slow", "/endless"}) {
        var sent = client.sendAsync(request(site, target).build(), BodyHandlers.ofString());
        site.awaitSlowBegun();
        assertThat(sent.cancel(true)).isTrue();
        site.awaitSlowCancelled();
      }
      assertThat(text(client, site, "/")).isEqualTo("hello");
    }
  }

  /** JDK-8335181: before 24 the client ends all streams at a GOAWAY, those that are served too. */
  private static void assumeThatTheClientKnowsGoAway() {
    assumeTrue(
        Runtime.version().feature() >= 24, "this JDK's client ends all its streams at a GOAWAY");
  }

  /** After GOAWAY the streams that are under way come to their end. */
  @EachGround
  void drains(Ground ground) throws Exception {
    assumeThatTheClientKnowsGoAway();
    try (Site site = new Site(ground, HttpOptions.defaults(), tls)) {
      HttpClient client = client(Version.HTTP_2);
      var gated = client.sendAsync(request(site, "/gate").build(), BodyHandlers.ofString());
      Wait.until("it is handled", () -> site.handled.get() == 1);
      CompletableFuture<DrainReport> drained = site.server.drain(Wait.LONG);
      site.gate.complete(null);
      assertThat(get(gated).body()).isEqualTo("open");
      assertThat(get(drained).reset()).isZero();
      assertThatThrownBy(
              () -> get(client.sendAsync(request(site, "/").build(), BodyHandlers.ofString())))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  /** Of so many requests each is answered, whatever connections that takes. */
  @EachGround
  void theLimitOfRequestsLosesNone(Ground ground) throws Exception {
    assumeThatTheClientKnowsGoAway();
    try (Site site = new Site(ground, HttpOptions.defaults().requestLimit(3), tls)) {
      HttpClient client = client(Version.HTTP_2);
      for (int i = 0; i < 10; i++) {
        assertThat(text(client, site, "/")).isEqualTo("hello");
      }
    }
  }
}
