package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

/** Fields of HTTP/2 and of HTTP/1.1. */
class Http2HeadsTest {
  private static Http2Headers get() {
    return new DefaultHttp2Headers().method("GET").scheme("https").authority("h:1").path("/a?b");
  }

  @Test
  void aRequestHasItsTargetItsHostAndItsFields() throws Exception {
    RequestHead head = Http2Heads.request(1, get().add("accept", "*/*").add("x", "1"), true);
    assertThat(head.method().name()).isEqualTo("GET");
    assertThat(head.uri()).isEqualTo("/a?b");
    assertThat(head.isWhole()).isTrue();
    assertThat(head.headers().get("Host")).isEqualTo("h:1");
    assertThat(head.headers().get("ACCEPT")).isEqualTo("*/*");
    assertThat(head.headers().names()).containsExactlyInAnyOrder("host", "accept", "x");
  }

  @Test
  void cookiesThatCameInPartsAreOne() throws Exception {
    RequestHead head = Http2Heads.request(1, get().add("cookie", "a=1").add("cookie", "b=2"), true);
    assertThat(head.headers().getAll("cookie")).containsExactly("a=1; b=2");
  }

  @Test
  void theHostIsSaidOnce() throws Exception {
    RequestHead same = Http2Heads.request(1, get().add("host", "H:1"), true);
    assertThat(same.headers().getAll("host")).containsExactly("h:1");
    assertThatThrownBy(() -> Http2Heads.request(1, get().add("host", "other"), true))
        .isInstanceOf(Http2Exception.StreamException.class);
  }

  @Test
  void withoutAnAuthorityTheHostIsAField() throws Exception {
    Http2Headers fields = new DefaultHttp2Headers().method("GET").scheme("https").path("/");
    RequestHead head = Http2Heads.request(1, fields.add("host", "h"), true);
    assertThat(head.headers().get("host")).isEqualTo("h");
  }

  @Test
  void connectHasAnAuthorityForATarget() throws Exception {
    Http2Headers fields = new DefaultHttp2Headers().method("CONNECT").authority("h:443");
    assertThat(Http2Heads.request(1, fields, false).uri()).isEqualTo("h:443");
  }

  /** It is the stream's fault, and not the connection's. */
  @Test
  void aMethodThatIsNoneIsRefused() {
    Http2Headers fields = new DefaultHttp2Headers().method("GE T").scheme("https").path("/");
    assertThatThrownBy(() -> Http2Heads.request(1, fields, true))
        .isInstanceOf(Http2Exception.StreamException.class);
  }

  @Test
  void aLengthBehindABodyIsRefused() {
    HttpHeaders trailers = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
    Http2Headers fields = new DefaultHttp2Headers().add("content-length", "1");
    assertThatThrownBy(() -> Http2Heads.copyTrailers(1, fields, trailers))
        .isInstanceOf(Http2Exception.StreamException.class);
  }

  @Test
  void trailersHaveNoPseudoHeaders() throws Exception {
    HttpHeaders trailers = new DefaultHttpHeaders();
    Http2Heads.copyTrailers(1, new DefaultHttp2Headers().add("sum", "1"), trailers);
    assertThat(trailers.get("Sum")).isEqualTo("1");
    assertThatThrownBy(() -> Http2Heads.copyTrailers(1, get(), trailers))
        .isInstanceOf(Http2Exception.StreamException.class);
  }

  /** RFC 9113, 8.2: names in small letters, and nothing of a connection. */
  @Test
  void anAnswerHasItsStatusAndTheFieldsThatAreNotOfAConnection() {
    var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.ACCEPTED);
    answer.headers().add("X-Some", "1").add("X-Some", "2").add("Connection", "X-Some");
    answer.headers().add("Transfer-Encoding", "chunked").add("Keep-Alive", "timeout=5");
    Http2Headers fields = Http2Heads.answer(answer);
    assertThat(fields.status()).hasToString("202");
    assertThat(fields.getAll("x-some")).map(CharSequence::toString).containsExactly("1", "2");
    assertThat(fields.names()).map(CharSequence::toString).containsOnly(":status", "x-some");
  }
}
