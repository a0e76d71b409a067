package dev.weft.interop.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The cases, and what a server makes of them as a table:
 *
 * <pre>{@code
 * java dev.weft.interop.http.HttpCases 127.0.0.1 8080 3
 * }</pre>
 *
 * The last one is how many seconds to wait for what does not come. The server has {@code GET /}
 * ("hello"), {@code POST /echo}, {@code GET /stream} (chunked), {@code GET /slow} (no answer until
 * the client goes), {@code GET /not-modified}, {@code POST /early} (200 before the body) and {@code
 * POST /trailers} (answers with the trailers' values); nothing at other paths; a limit of 1 MiB for
 * a body and of less than 64 KiB for a head. A case that the server is strict in is one that it
 * either answers as RFC 9112 says or refuses, and then closes the connection, so that no byte of it
 * is taken for a further request. The smuggled request asks for {@code /smuggled}.
 */
public final class HttpCases {
  private static final String HOST = "Host: test\r\n";
  private static final String GET = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
  private static final String POST = "POST /echo HTTP/1.1\r\n" + HOST;
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String MIB = "x".repeat(1 << 20);

  private final List<HttpCase> cases = new ArrayList<>();

  private HttpCases() {}

  /** All of them. */
  static List<HttpCase> all() {
    HttpCases all = new HttpCases();
    all.ordinary();
    all.slow();
    all.oversized();
    all.lengths();
    all.transferEncodings();
    all.syntax();
    all.hosts();
    all.chunks();
    all.targetsAndVersions();
    all.connections();
    all.disconnects();
    return all.cases;
  }

  private HttpCase with(String name) {
    HttpCase made = new HttpCase(name);
    cases.add(made);
    return made;
  }

  /** A request with a head that has this line in it, after Host. */
  private HttpCase head(String name, String line) {
    return with(name).send("GET / HTTP/1.1\r\n" + HOST + line + "\r\n\r\n");
  }

  /** A post with these header lines and a body, and then a request that is smuggled or is not. */
  private HttpCase post(String name, String lines, String body) {
    return with(name).send(POST + lines + "\r\n\r\n" + body);
  }

  private HttpCase smuggling(String name, String lines, String body) {
    return post(name, lines, body + SMUGGLED);
  }

  private void ordinary() {
    with("GET").send(GET).expect(200).body("hello").keeps();
    post("POST with a length", "Content-Length: 5", "hello").expect(200).body("hello").keeps();
    with("POST in chunks")
        .send(CHUNKED + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
        .expect(200)
        .body("hello")
        .keeps();
    with("an answer in chunks")
        .send("GET /stream HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(200)
        .keeps();
    with("an unknown path").send(SMUGGLED).expect(404).keeps();
    with("byte by byte").steps().add(client -> bytewise(client, GET));
    cases.get(cases.size() - 1).expect(200).body("hello").keeps();
  }

  private static void bytewise(RawClient client, String text) {
    for (char c : text.toCharArray()) {
      client.send(new byte[] {(byte) c});
    }
  }

  private void slow() {
    with("nothing sent").expect(408).orNothing().closes();
    with("a slow request line").send("G").trickle("E").expect(400, 405, 408).orNothing().closes();
    with("a slow head")
        .send("GET / HTTP/1.1\r\n" + HOST + "A: ")
        .trickle("a")
        .expect(408)
        .orNothing()
        .closes();
    post("a body that stops", "Content-Length: 100", "x").expect(408).orNothing().closes();
    with("a chunked body that stops").send(CHUNKED + "5\r\nhel").expect(408).orNothing().closes();
  }

  private void oversized() {
    with("a target of 100 KB")
        .send("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(414, 400, 431)
        .closes();
    with("a request line without an end")
        .send("A".repeat(200_000))
        .expect(400, 414, 431, 405, 501)
        .closes();
    head("a header of 100 KB", "A: " + "a".repeat(100_000)).expect(431, 400, 413).closes();
    head("a header's name of 100 KB", "a".repeat(100_000) + ": a").expect(431, 400, 413).closes();
    head("10,000 headers", "A: a\r\n".repeat(9_999) + "A: a").expect(431, 400, 413).closes();
    post("a length over the limit, no body yet", "Content-Length: 1048577", "")
        .expect(413)
        .closes();
    post("a length over the limit, with the body", "Content-Length: 1048577", MIB + "x")
        .expect(413);
    post("a length at the limit", "Content-Length: 1048576", MIB).expect(200).body(MIB).keeps();
    with("chunks over the limit")
        .send(CHUNKED + "100000\r\n" + MIB + "\r\n1\r\nx\r\n0\r\n\r\n")
        .expect(413)
        .closes();
    with("a trailer of 100 KB")
        .send(CHUNKED + "0\r\nA: " + "a".repeat(100_000) + "\r\n\r\n")
        .expect(431, 400, 413)
        .closes();
  }

  private void lengths() {
    smuggling("two lengths that differ", "Content-Length: 5\r\nContent-Length: 6", "hello")
        .expect(400)
        .closes();
    post("two lengths that are equal", "Content-Length: 5\r\nContent-Length: 5", "hello")
        .expect(200, 400)
        .body("hello");
    post("length \"5, 5\"", "Content-Length: 5, 5", "hello").expect(200, 400).body("hello");
    for (String bad :
        List.of("5, 6", "-5", "+5", "0x5", "5 5", "5.0", "", "five", "99999999999999999999")) {
      smuggling("length \"" + bad + "\"", "Content-Length: " + bad, "hello").expect(400).closes();
    }
    smuggling("length \"18446744073709551621\"", "Content-Length: 18446744073709551621", "hello")
        .expect(400, 413)
        .closes();
    post("length \"005\"", "Content-Length: 005", "hello").expect(200, 400).body("hello");
  }

  private void transferEncodings() {
    with("length and chunked: by length nothing, by chunks smuggled")
        .send(POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED)
        .expect(400, 200)
        .closes();
    with("chunked and length: by length smuggled")
        .send(
            POST
                + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
                + Integer.toHexString(SMUGGLED.length())
                + "\r\n"
                + SMUGGLED
                + "\r\n0\r\n\r\n")
        .expect(400, 200)
        .closes();
    for (String coding :
        List.of(
            "identity",
            "chunked, chunked",
            "xchunked",
            "chunked, identity",
            "\"chunked\"",
            "chunked;q=1",
            "\u000bchunked",
            "")) {
      smuggling("coding \"" + visible(coding) + "\"", "Transfer-Encoding: " + coding, "0\r\n\r\n")
          .expect(400, 501)
          .closes();
    }
    post("coding \"gzip, chunked\"", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n")
        .expect(400, 501)
        .closes();
    with("coding \"\\tchunked\"")
        .send(POST + "Transfer-Encoding:\tchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        .expect(200, 400, 501)
        .body("hello");
    with("coding \"CHUNKED\"")
        .send(POST + "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        .expect(200, 400)
        .body("hello");
    smuggling(
            "two lines of coding",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "0\r\n\r\n")
        .expect(400, 501)
        .closes();
    with("a coding in HTTP/1.0")
        .send(
            "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"
                + SMUGGLED)
        .expect(200, 400, 501)
        .closes();
  }

  private void syntax() {
    with("lines that end in LF alone")
        .send(("GET / HTTP/1.1\r\n" + HOST + "\r\n").replace("\r", ""))
        .expect(200, 400);
    head("CR in a value", "A: a\rb").expect(400, 200);
    head("a bare CR as the end of a line", "A: a\rContent-Length: 5").expect(400, 200);
    smuggling("a folded length", "Content-Length:\r\n 5", "hello").expect(400).closes();
    head("a folded value", "A: a\r\n b").expect(400, 200);
    head("a space before the colon", "A : a").expect(400).closes();
    smuggling("a space before a length's colon", "Content-Length : 5", "hello")
        .expect(400)
        .closes();
    with("a space before the first header")
        .send("GET / HTTP/1.1\r\n A: a\r\n" + HOST + "\r\n")
        .expect(400)
        .closes();
    head("no name", ": a").expect(400).closes();
    head("no colon", "A").expect(400).closes();
    head("NUL in a value", "A: a\0b").expect(400).closes();
    head("NUL in a name", "A\0: a").expect(400).closes();
    head("a control character in a value", "A: a\u0001b").expect(400, 200);
    head("a byte beyond ASCII in a value", "A: \u00e4").expect(200, 400);
    head("a name that is no token", "A(b): a").expect(400).closes();
    head("a byte beyond ASCII in a name", "\u00e4: a").expect(400).closes();
    with("a method that is no token")
        .send("G@T / HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(400, 405, 501)
        .closes();
    with("two spaces after the method")
        .send("GET  / HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(400, 200);
    with("a space in the target")
        .send("GET /a b HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(400)
        .closes();
    with("NUL in the target").send("GET /\0 HTTP/1.1\r\n" + HOST + "\r\n").expect(400).closes();
  }

  private void hosts() {
    with("no Host").send("GET / HTTP/1.1\r\n\r\n").expect(400).closes();
    head("two Hosts", "Host: other").expect(400).closes();
    with("an empty Host").send("GET / HTTP/1.1\r\nHost:\r\n\r\n").expect(200, 400);
    with("a Host with a path").send("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n").expect(400).closes();
    with("no Host in HTTP/1.0").send("GET / HTTP/1.0\r\n\r\n").expect(200).closes();
  }

  private void chunks() {
    for (String size : List.of("x", "-1", "+5", "0x5", "", " 5", "5 5", "10000000000000005")) {
      with("chunk size \"" + size + "\"")
          .send(CHUNKED + size + "\r\nhello\r\n0\r\n\r\n" + SMUGGLED)
          .expect(400, 413)
          .closes();
    }
    with("chunk size \"00005\"")
        .send(CHUNKED + "00005\r\nhello\r\n0\r\n\r\n")
        .expect(200, 400)
        .body("hello");
    with("a huge chunk size").send(CHUNKED + "7fffffffffffffff\r\nhello").expect(400, 413).closes();
    with("a chunk's extension")
        .send(CHUNKED + "5;a=\"b\"\r\nhello\r\n0\r\n\r\n")
        .expect(200)
        .body("hello")
        .keeps();
    with("a chunk's extension of 100 KB")
        .send(CHUNKED + "5;a=" + "b".repeat(100_000) + "\r\nhello\r\n0\r\n\r\n")
        .expect(400, 413, 431)
        .closes();
    with("a chunk's extension with LF in it")
        .send(CHUNKED + "5;\na\r\nhello\r\n0\r\n\r\n" + SMUGGLED)
        .expect(400)
        .closes();
    with("no CRLF after a chunk")
        .send(CHUNKED + "5\r\nhello0\r\n\r\n" + SMUGGLED)
        .expect(400)
        .closes();
    with("a chunk longer than its size")
        .send(CHUNKED + "3\r\nhello\r\n0\r\n\r\n" + SMUGGLED)
        .expect(400)
        .closes();
    with("LF alone after a chunk's size")
        .send(CHUNKED + "5\nhello\r\n0\r\n\r\n")
        .expect(400, 200)
        .body("hello");
    with("trailers")
        .send(
            "POST /trailers HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\nTrailer: A\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n")
        .expect(200)
        .keeps();
    with("a length among the trailers")
        .send(CHUNKED + "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n")
        .expect(200, 400)
        .body("hello");
    with("a trailer that is none")
        .send(CHUNKED + "5\r\nhello\r\n0\r\nA\r\n\r\n" + SMUGGLED)
        .expect(400)
        .closes();
  }

  private void targetsAndVersions() {
    with("a target with a host")
        .send("GET http://test/ HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(200)
        .body("hello")
        .keeps();
    with("a target of a host alone")
        .send("CONNECT test:80 HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(400, 404, 405, 501);
    with("a target without a slash").send("GET a HTTP/1.1\r\n" + HOST + "\r\n").expect(400, 404);
    with("OPTIONS *")
        .send("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(200, 204, 400, 404, 405, 501);
    with("GET *").send("GET * HTTP/1.1\r\n" + HOST + "\r\n").expect(400, 404, 405);
    with("HTTP/1.2").send("GET / HTTP/1.2\r\n" + HOST + "\r\n").expect(200, 400, 505);
    for (String version :
        List.of("HTTP/2.0", "HTTP/3.0", "HTTP/11", "HTTP/1.1a", "http/1.1", "X")) {
      with("version \"" + version + "\"")
          .send("GET / " + version + "\r\n" + HOST + "\r\n")
          .expect(400, 505)
          .closes();
    }
    with("the preface of HTTP/2")
        .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .expect(400, 405, 505, HttpAnswer.NOT_HTTP_1)
        .orNothing()
        .closes();
    with("HTTP/0.9").send("GET /\r\n").expect(400, 505).orNothing().closes();
    with("garbage")
        .send("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n")
        .expect(400)
        .orNothing()
        .closes();
    with("an empty line before it").send("\r\n" + GET).expect(200, 400);
    with("1,000,000 empty lines before it")
        .send("\r\n".repeat(1_000_000) + GET)
        .expect(400, 431, 414, 200);
    with("a method in small letters")
        .send("get / HTTP/1.1\r\n" + HOST + "\r\n")
        .expect(400, 404, 405, 501);
  }

  private void connections() {
    with("three at once")
        .send(GET + SMUGGLED + GET)
        .expect(200)
        .body("hello")
        .expect(404)
        .expect(200)
        .body("hello")
        .keeps();
    with("three with bodies at once")
        .send((POST + "Content-Length: 5\r\n\r\nhello") + (CHUNKED + "1\r\nx\r\n0\r\n\r\n") + GET)
        .expect(200)
        .body("hello")
        .expect(200)
        .body("x")
        .expect(200)
        .body("hello")
        .keeps();
    with("after Connection: close")
        .send("GET / HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n" + SMUGGLED)
        .expect(200)
        .closes();
    with("100-continue")
        .send(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        .await(1)
        .send("hello")
        .expect(100)
        .expect(200)
        .body("hello")
        .keeps();
    with("100-continue, without waiting")
        .send(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello" + GET)
        .expect(100, 200)
        .expect(200)
        .expect(200)
        .keeps();
    with("100-continue with too long a body")
        .send(POST + "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
        .expect(413, 417);
    with("an expectation that is none")
        .send(POST + "Expect: a\r\nContent-Length: 5\r\n\r\nhello")
        .expect(200, 417);
    with("HEAD").send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n").expectForHead(200).keeps();
    with("HEAD and close")
        .send("HEAD / HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n")
        .expectForHead(200)
        .closes();
    with("HEAD of a stream")
        .send("HEAD /stream HTTP/1.1\r\n" + HOST + "\r\n")
        .expectForHead(200, 404, 405)
        .keeps();
    with("304").send("GET /not-modified HTTP/1.1\r\n" + HOST + "\r\n").expect(304).keeps();
    with("HTTP/1.0").send("GET / HTTP/1.0\r\n" + HOST + "\r\n").expect(200).body("hello").closes();
    with("HTTP/1.0, kept")
        .send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + "\r\n")
        .expect(200)
        .body("hello");
    with("a stream in HTTP/1.0")
        .send("GET /stream HTTP/1.0\r\n" + HOST + "\r\n")
        .expect(200)
        .closes();
    with("an answer before the body")
        .send("POST /early HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\nxxx")
        .expect(200)
        .closes();
    with("an answer before a body that comes")
        .send("POST /early HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\n")
        .send("x".repeat(1_000_000))
        .expect(200);
  }

  private void disconnects() {
    String slow = "GET /slow HTTP/1.1\r\n" + HOST + "\r\n";
    String stream = "GET /stream HTTP/1.1\r\n" + HOST + "\r\n";
    for (String[] stage :
        new String[][] {
          {"at once", ""},
          {"in the request line", "GET / HT"},
          {"in the head", "GET / HTTP/1.1\r\nHo"},
          {"in the body", POST + "Content-Length: 100\r\n\r\nhello"},
          {"in a chunk", CHUNKED + "5\r\nhel"},
          {"before the trailers' end", CHUNKED + "5\r\nhello\r\n0\r\n"},
          {"while the handler runs", slow},
          {"while others wait behind it", slow + GET + GET},
          {"while the answer comes", stream}
        }) {
      with("closed " + stage[0]).send(stage[1]).pause(50).close();
      with("reset " + stage[0]).send(stage[1]).pause(50).reset();
    }
  }

  private static String visible(String text) {
    return text.replace("\u000b", "\\v");
  }

  /** A row for each case: what was answered, what became of the connection, what is not strict. */
  public static void main(String[] args) throws Exception {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: HttpCases HOST PORT [SECONDS]");
      System.exit(2);
    }
    InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    Duration limit = Duration.ofSeconds(args.length == 3 ? Integer.parseInt(args[2]) : 3);
    System.out.println("| case | answered | connection | not strict |\n|---|---|---|---|");
    for (HttpCase each : all()) {
      HttpOutcome outcome = RawClient.run(each, server, limit);
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          each.name().replace("|", "\\|"),
          outcome.statuses(),
          outcome.connection().name().toLowerCase(Locale.ROOT),
          cell(String.join("; ", each.problems(outcome))));
    }
  }

  private static String cell(String text) {
    String flat = text.replaceAll("\\s+", " ");
    return flat.length() > 100 ? flat.substring(0, 100) + ".." : flat;
  }
}
