package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.Client.Reply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What two servers that stand behind each other might read in two ways is refused, and nothing that
 * comes behind it is answered: RFC 9112.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakCheck.class)
class MalformedRequestTest {
  private static final String HOST = "host: test\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nhost: test\r\n\r\n";

  private Site site;

  @BeforeAll
  void open() throws Exception {
    site = new Site(Ground.NIO);
  }

  @AfterAll
  void close() {
    site.close();
  }

  /** What is sent, and what is answered. */
  record Case(String name, String sent, int status) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String post(String fields, String body) {
    return "POST /echo HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
  }

  private static String get(String fields) {
    return "GET / HTTP/1.1\r\n" + HOST + fields + "\r\n";
  }

  static List<Case> cases() {
    String chunked = "transfer-encoding: chunked\r\n";
    String nothing = "0\r\n\r\n";
    return List.of(
        new Case("two lengths", post("content-length: 1\r\ncontent-length: 2\r\n", "ab"), 400),
        new Case("a length twice", post("content-length: 1\r\ncontent-length: 1\r\n", "a"), 400),
        new Case("lengths in a list", post("content-length: 1, 1\r\n", "a"), 400),
        new Case("a length below 0", post("content-length: -1\r\n", ""), 400),
        new Case("a length with a plus", post("content-length: +1\r\n", "a"), 400),
        new Case("a length in hex", post("content-length: 0x1\r\n", "a"), 400),
        new Case("an empty length", post("content-length: \r\n", "a"), 400),
        new Case(
            "a length of 20 digits", post("content-length: 18446744073709551617\r\n", "a"), 400),
        new Case("a length and chunks", post("content-length: 5\r\n" + chunked, nothing), 400),
        new Case("chunks and a length", post(chunked + "content-length: 5\r\n", nothing), 400),
        new Case("chunks twice", post(chunked + chunked, nothing), 400),
        new Case("chunks in chunks", post("transfer-encoding: chunked, chunked\r\n", nothing), 400),
        new Case("a coding in chunks", post("transfer-encoding: gzip, chunked\r\n", nothing), 501),
        new Case("chunks in a coding", post("transfer-encoding: chunked, gzip\r\n", nothing), 400),
        new Case("identity", post("transfer-encoding: identity\r\n", ""), 400),
        new Case("another coding", post("transfer-encoding: xchunked\r\n", nothing), 400),
        new Case("a quoted coding", post("transfer-encoding: \"chunked\"\r\n", nothing), 400),
        new Case("a tab in the coding", post("transfer-encoding:\u000bchunked\r\n", nothing), 400),
        new Case(
            "chunks before HTTP/1.1", "POST /echo HTTP/1.0\r\n" + chunked + "\r\n" + nothing, 400),
        new Case("line feeds only", "GET / HTTP/1.1\nhost: test\n\n", 400),
        new Case("a bare line feed", "GET / HTTP/1.1\r\nhost: test\nx: y\r\n\r\n", 400),
        new Case("a bare line feed at the end", "GET / HTTP/1.1\r\nhost: test\r\n\n", 400),
        new Case("a carriage return in a value", get("x: a\rb\r\n"), 400),
        new Case("a null in a value", get("x: a\u0000b\r\n"), 400),
        new Case("a space before the colon", get("x : y\r\n"), 400),
        new Case(
            "a space before the first field", "GET / HTTP/1.1\r\n x: y\r\n" + HOST + "\r\n", 400),
        new Case("no name", get(": y\r\n"), 400),
        new Case("no colon", get("xy\r\n"), 400),
        new Case("a name with a space", get("x y: z\r\n"), 400),
        new Case("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        new Case("two hosts", get(HOST), 400),
        new Case("a host with a path", "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", 400),
        new Case("a host with a user", "GET / HTTP/1.1\r\nhost: a@b\r\n\r\n", 400),
        new Case("no version", "GET /\r\n\r\n", 400),
        new Case("HTTP/2.0 in a line", "GET / HTTP/2.0\r\n" + HOST + "\r\n", 505),
        new Case("another protocol", "GET / ICAP/1.0\r\n" + HOST + "\r\n", 400),
        new Case("a version of three digits", "GET / HTTP/1.10\r\n" + HOST + "\r\n", 400),
        new Case("a version in small letters", "GET / http/1.1\r\n" + HOST + "\r\n", 400),
        new Case("no slash", "GET index HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("a fragment", "GET /#a HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("a bad escape", "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("a space in the target", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("another scheme", "GET ftp://a/ HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("CONNECT", "CONNECT test:80 HTTP/1.1\r\n" + HOST + "\r\n", 501),
        new Case("no method", " / HTTP/1.1\r\n" + HOST + "\r\n", 400),
        new Case("garbage", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400),
        new Case("a line beyond the limit", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n", 414),
        new Case("fields beyond the limit", get("x: " + "a".repeat(17_000) + "\r\n"), 431),
        new Case("fields that are many", get("x: y\r\n".repeat(6000)), 431),
        new Case("no size of a chunk", post(chunked, "\r\na\r\n0\r\n\r\n"), 400),
        new Case("a size that is none", post(chunked, "zz\r\na\r\n0\r\n\r\n"), 400),
        new Case("a size below 0", post(chunked, "-1\r\na\r\n0\r\n\r\n"), 400),
        new Case("a size beyond all", post(chunked, "ffffffffffffffff\r\na\r\n"), 400),
        new Case("a chunk that is longer", post(chunked, "1\r\nab\r\n0\r\n\r\n"), 400),
        new Case("a line feed after a size", post(chunked, "1\na\r\n0\r\n\r\n"), 400),
        new Case("a line feed in an extension", post(chunked, "1;a\nb\r\na\r\n0\r\n\r\n"), 400));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedAndTheConnectionEnds(Case refused) throws Exception {
    int before = site.handled.get();
    try (Client client = site.client()) {
      client.send(refused.sent() + SMUGGLED);
      Reply reply = client.reply();
      assertThat(reply.code()).isEqualTo(refused.status());
      assertThat(reply.header("connection")).isEqualTo("close");
      client.shutdownOutput();
      assertThat(client.isEnded()).as("nothing else is answered").isTrue();
    }
    // A body that goes wrong has reached its handler; what stands behind it has not.
    assertThat(site.handled.get() - before).isLessThanOrEqualTo(1);
  }

  /** RFC 9112, 5.2 has a server refuse a folded field, or read a space for the fold. */
  @Test
  void aFoldedFieldIsOneField() throws Exception {
    try (Client client = site.client()) {
      client.send(get("x: a\r\n b\r\n"));
      assertThat(client.reply().body()).isEqualTo("hello");
      client.send("POST /echo HTTP/1.1\r\n" + HOST + "transfer-encoding:\r\n chunked\r\n\r\n");
      assertThat(client.send("1\r\na\r\n0\r\n\r\n").reply().code()).isIn(200, 400, 501);
    }
  }

  /** RFC 9112, 2.2. */
  @Test
  void emptyLinesBeforeARequestAreSkipped() throws Exception {
    try (Client client = site.client()) {
      client.send("\r\n\r\n" + get(""));
      assertThat(client.reply().body()).isEqualTo("hello");
    }
  }

  @Test
  void aMethodIsWhatItIs() throws Exception {
    try (Client client = site.client()) {
      assertThat(client.request("get /").reply().code()).isEqualTo(404);
      assertThat(client.request("BREW /").reply().code()).isEqualTo(404);
    }
  }

  /** Whoever goes in the middle of a head gets no answer, and leaves nothing. */
  @Test
  void anEndInTheHeadIsAnEnd() throws IOException {
    for (String sent :
        new String[] {
          "", "G", "GET / HT", "GET / HTTP/1.1\r\n", get("x: y\r\n").substring(0, 32)
        }) {
      try (Client client = site.client()) {
        client.send(sent).shutdownOutput();
        assertThat(client.isEnded()).as(sent).isTrue();
      }
    }
  }
}
