package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.Client.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests and answers of HTTP/1.1, as they are to be. */
@ExtendWith(LeakCheck.class)
class Http1Test {
  @EachGround
  void aTextAndTheConnectionIsKept(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      for (int i = 0; i < 3; i++) {
        Reply reply = client.request("GET /").reply();
        assertThat(reply.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(reply.body()).isEqualTo("hello");
        assertThat(reply.headers())
            .containsEntry("content-length", "5")
            .containsEntry("content-type", "text/plain; charset=utf-8")
            .containsKey("date")
            .doesNotContainKeys("connection", "transfer-encoding");
      }
    }
  }

  @EachGround
  void headHasTheFieldsAndNoBody(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      Reply fixed = client.request("HEAD /").reply(true);
      assertThat(fixed.header("content-length")).isEqualTo("5");
      Reply streamed = client.request("HEAD /stream").reply(true);
      assertThat(streamed.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
    }
  }

  @EachGround
  void answersThatHaveNoBody(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      Reply unchanged = client.request("GET /not-modified").reply();
      assertThat(unchanged.code()).isEqualTo(304);
      assertThat(unchanged.headers())
          .containsEntry("etag", "\"1\"")
          .doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.request("GET /emptied").reply().headers())
          .doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.request("GET /reset").reply().headers())
          .containsEntry("content-length", "0");
      Reply empty = client.request("DELETE /").reply();
      assertThat(empty.code()).isEqualTo(204);
      assertThat(empty.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
    }
  }

  @EachGround
  void requestsThatAreSentAheadAreAnsweredInOrder(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      String get = "GET / HTTP/1.1\r\nhost: test\r\n\r\n";
      String post = "POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nbody";
      String stream = "GET /stream HTTP/1.1\r\nhost: test\r\n\r\n";
      client.send(get + post + stream + post + get);
      assertThat(client.reply().body()).isEqualTo("hello");
      assertThat(client.reply().body()).isEqualTo("body");
      assertThat(client.reply().body()).isEqualTo("one two tri ");
      assertThat(client.reply().body()).isEqualTo("body");
      assertThat(client.reply().body()).isEqualTo("hello");
    }
  }

  @EachGround
  void oneByteAtATime(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      String request =
          "POST /echo HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n4;a=b\r\ndefg\r\n0\r\n\r\n";
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }
      assertThat(client.reply().body()).isEqualTo("abcdefg");
    }
  }

  @EachGround
  void chunksAndTrailersBothWays(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send(
          "POST /trailers HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n0\r\nx-sum: 42\r\ncontent-length: 9\r\n\r\n");
      assertThat(client.reply().body()).isEqualTo("42");
      Reply streamed = client.request("GET /stream").reply();
      assertThat(streamed.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(streamed.body()).isEqualTo("one two tri ");
      assertThat(streamed.trailers()).containsExactly(java.util.Map.entry("x-lines", "3"));
      Reply sized = client.request("GET /sized").reply();
      assertThat(sized.headers())
          .containsEntry("content-length", "12")
          .doesNotContainKey("transfer-encoding");
      assertThat(sized.body()).isEqualTo("one two tri ");
    }
  }

  @EachGround
  void whoExpectsLeaveGetsIt(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      String head =
          "POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n";
      client.send(head);
      assertThat(client.reply().code()).isEqualTo(100);
      client.send("body");
      assertThat(client.reply().body()).isEqualTo("body");
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
    }
  }

  /** A 100 that follows a head of 200 is no HTTP. */
  @EachGround
  void leaveIsNotGivenBehindTheHeadOfTheAnswer(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send(
          "POST /first HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n"
              + "expect: 100-continue\r\n\r\nbody");
      assertThat(client.reply().body()).isEqualTo("first body");
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** The body may come or not, so the connection is of no more use. */
  @EachGround
  void whoIsRefusedBeforeTheBodyIsNotToldToGoOn(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send(
          "POST /early HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n"
              + "expect: 100-continue\r\n\r\n");
      Reply reply = client.reply();
      assertThat(reply.body()).isEqualTo("early");
      assertThat(reply.header("connection")).isEqualTo("close");
      assertThat(client.isEnded()).isTrue();
    }
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\nexpect: cake\r\n\r\n");
      assertThat(client.reply().code()).isEqualTo(417);
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** A body that nobody reads is skipped if it is short; else the answer says that it ends here. */
  @EachGround
  void anAnswerBeforeTheBody(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      assertThat(client.post("/early", "x".repeat(1000)).reply().body()).isEqualTo("early");
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
      client.send("POST /early HTTP/1.1\r\nhost: test\r\ncontent-length: 1000000\r\n\r\n");
      Reply reply = client.reply();
      assertThat(reply.body()).isEqualTo("early");
      assertThat(reply.header("connection")).isEqualTo("close");
      client.send(new byte[200_000]); // which does not break it off
      client.shutdownOutput();
      assertThat(client.isEnded()).isTrue();
    }
  }

  @EachGround
  void bodiesBeyondTheLimit(Ground ground) throws Exception {
    HttpOptions small = HttpOptions.defaults().bodyLimit(10);
    try (Site site = new Site(ground, small)) {
      try (Client client = site.client()) {
        assertThat(client.post("/echo", "0123456789").reply().body()).isEqualTo("0123456789");
        Reply reply = client.post("/echo", "0123456789a").reply();
        assertThat(reply.code()).isEqualTo(413);
        assertThat(reply.header("connection")).isEqualTo("close");
        client.shutdownOutput();
        assertThat(client.isEnded()).isTrue();
      }
      try (Client client = site.client()) {
        client.send(
            "POST /echo HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n"
                + "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n");
        Reply reply = client.reply();
        assertThat(reply.code()).isEqualTo(413);
        assertThat(reply.header("connection")).isEqualTo("close");
      }
    }
  }

  @EachGround
  void http10(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      try (Client client = site.client()) {
        Reply closing = client.send("GET / HTTP/1.0\r\n\r\n").reply();
        assertThat(closing.body()).isEqualTo("hello");
        assertThat(closing.header("connection")).isEqualTo("close");
        assertThat(client.isEnded()).isTrue();
      }
      try (Client client = site.client()) {
        String kept = "GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
        assertThat(client.send(kept).reply().header("connection")).isEqualTo("keep-alive");
        assertThat(client.send(kept).reply().body()).isEqualTo("hello");
        // No chunks before 1.1: the end of the connection is that of the body.
        client.send("GET /stream HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
        Reply streamed = client.reply();
        assertThat(streamed.body()).isEqualTo("one two tri ");
        assertThat(streamed.header("connection")).isEqualTo("close");
        assertThat(streamed.headers()).doesNotContainKey("transfer-encoding");
      }
    }
  }

  @EachGround
  void theClientAndTheLimitOfRequestsEndTheConnection(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().requestLimit(2))) {
      try (Client client = site.client()) {
        client.send("GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        assertThat(client.reply().header("connection")).isEqualTo("close");
        assertThat(client.isEnded()).isTrue();
      }
      try (Client client = site.client()) {
        assertThat(client.request("GET /").reply().headers()).doesNotContainKey("connection");
        assertThat(client.request("GET /").reply().header("connection")).isEqualTo("close");
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  @EachGround
  void whatHandlersThrow(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      Reply refused = client.request("GET /refused").reply();
      assertThat(refused.code()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("Not you\n");
      assertThat(client.request("GET /error").reply().code()).isEqualTo(500);
      assertThat(client.request("GET /none").reply().code()).isEqualTo(500);
      assertThat(client.request("GET /unsized").reply().code()).isEqualTo(500);
      assertThat(client.request("GET /below").reply().code()).isEqualTo(500);
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
    }
  }

  /** Of the body of a request that was answered; the next request is not a part of it. */
  @EachGround
  void aReadThatIsLeftBehindIsCancelled(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send("POST /stray HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\n");
      assertThat(client.reply().body()).isEqualTo("early");
      Wait.until("it is cancelled", () -> Objects.requireNonNull(site.strayRead).isCancelled());
      client.send("body").request("GET /");
      assertThat(client.reply().body()).isEqualTo("hello");
    }
  }

  /** No client is to take a part for the whole. */
  @EachGround
  void aBodyThatFailsBreaksTheConnectionOff(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      for (String target : new String[] {"/broken", "/short"}) {
        try (Client client = site.client()) {
          client.request("GET " + target);
          assertThatThrownBy(client::reply).isInstanceOfAny(EOFException.class, IOException.class);
        }
      }
    }
  }

  @EachGround
  void targetsAndTheirParameters(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      assertThat(client.request("GET /target?a=1%202&b=x&b=y").reply().body())
          .isEqualTo("/target 1 2 [x, y]");
      assertThat(client.request("GET http://elsewhere/target?a=1").reply().body())
          .isEqualTo("/target 1 []");
      assertThat(client.request("GET /a%20b/%2e%2e").reply().body()).isEqualTo("/a b/..");
      assertThat(client.request("OPTIONS *").reply().body()).isEqualTo("*");
      assertThat(client.request("GET /target?a=%zz").reply().code()).isEqualTo(400);
    }
  }

  @EachGround
  void aTextInItsCharset(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.send(
          "POST /text HTTP/1.1\r\nhost: test\r\ncontent-type: text/plain; charset=iso-8859-1\r\n"
              + "content-length: 2\r\n\r\n\u00e9!");
      assertThat(client.reply().body()).isEqualTo("\u00c3\u00a9!"); // which is UTF-8
      client.send(
          "POST /text HTTP/1.1\r\nhost: test\r\ncontent-type: text/plain; charset=none\r\n"
              + "content-length: 2\r\n\r\nab");
      assertThat(client.reply().code()).isEqualTo(415);
    }
  }

  @EachGround
  void aLargeBodyIsReadAsItComes(Ground ground) throws Exception {
    int size = 20 << 20;
    try (Site site = new Site(ground, HttpOptions.defaults().bodyLimit(size));
        Client client = site.client()) {
      client.send("POST /count HTTP/1.1\r\nhost: test\r\ncontent-length: " + size + "\r\n\r\n");
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        client.send(part);
      }
      assertThat(client.reply().body()).isEqualTo("" + size);
    }
  }
}
