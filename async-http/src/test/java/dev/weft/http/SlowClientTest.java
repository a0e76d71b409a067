package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.Client.Reply;
import dev.weft.net.TcpOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that take longer than they may. The times are lower bounds. */
@ExtendWith(LeakCheck.class)
class SlowClientTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  @EachGround
  void aHeadThatDoesNotCome(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().headTimeout(SHORT));
        Client client = site.client()) {
      assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
      long begin = System.nanoTime();
      client.send("GET / HTTP/1.1\r\nhost");
      Reply reply = client.reply();
      assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
      assertThat(reply.code()).isEqualTo(408);
      assertThat(reply.header("connection")).isEqualTo("close");
      client.shutdownOutput();
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** Also the first one of a connection, and one of which a part came with the one before. */
  @EachGround
  void aPartOfAHeadIsABegunOne(Ground ground) throws Exception {
    HttpOptions options = HttpOptions.defaults().headTimeout(SHORT).idleTimeout(Duration.ofDays(1));
    try (Site site = new Site(ground, options)) {
      try (Client client = site.client()) {
        client.send("GET / HTTP/1.1\r\nhost");
        assertThat(client.reply().code()).isEqualTo(408);
      }
      try (Client client = site.client()) {
        client.send("GET / HTTP/1.1\r\nhost: test\r\n\r\nGET / HT");
        assertThat(client.reply().body()).isEqualTo("hello");
        assertThat(client.reply().code()).isEqualTo(408);
      }
      try (Client client = site.client()) {
        assertThat(client.isEnded()).as("one that says nothing").isTrue();
      }
    }
  }

  /** RFC 9112, 2.2. */
  @EachGround
  void anEmptyLineIsNoBegunHead(Ground ground) throws Exception {
    HttpOptions options = HttpOptions.defaults().headTimeout(SHORT).idleTimeout(SHORT);
    try (Site site = new Site(ground, options);
        Client client = site.client()) {
      client.request("GET /").send("\r\n");
      assertThat(client.reply().body()).isEqualTo("hello");
      assertThat(client.isEnded()).as("without an answer to nothing").isTrue();
    }
  }

  /** Bytes now and then are no head. */
  @EachGround
  void aHeadThatDripsIsNoSooner(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().headTimeout(SHORT));
        Client client = site.client()) {
      client.send("GET / HTTP/1.1\r\n");
      Thread dripping =
          new Thread(
              () -> {
                try {
                  while (true) {
                    client.send("x: y\r\n");
                    Thread.sleep(10);
                  }
                } catch (Exception cut) {
                  // as it is to be
                }
              });
      dripping.start();
      assertThat(client.reply().code()).isEqualTo(408);
      client.close();
      dripping.join(Wait.LONG.toMillis());
      assertThat(dripping.isAlive()).isFalse();
    }
  }

  @EachGround
  void aConnectionOnWhichNothingHappens(Ground ground) throws Exception {
    try (Site site =
        new Site(ground, HttpOptions.defaults().idleTimeout(SHORT).headTimeout(SHORT))) {
      try (Client client = site.client()) {
        assertThat(client.isEnded()).isTrue();
      }
      try (Client client = site.client()) {
        assertThat(client.request("GET /").reply().body()).isEqualTo("hello");
        assertThat(client.isEnded()).isTrue();
      }
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  @EachGround
  void aBodyThatDoesNotCome(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().bodyTimeout(SHORT));
        Client client = site.client()) {
      client.send("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nab");
      Reply reply = client.reply();
      assertThat(reply.code()).isEqualTo(408);
      assertThat(reply.header("connection")).isEqualTo("close");
      client.shutdownOutput();
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** As long as some of it comes, it may take longer than that. */
  @EachGround
  void aBodyThatDripsMayTakeItsTime(Ground ground) throws Exception {
    Duration timeout = Duration.ofSeconds(20);
    try (Site site = new Site(ground, HttpOptions.defaults().bodyTimeout(timeout));
        Client client = site.client()) {
      client.send("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 20\r\n\r\n");
      for (int i = 0; i < 20; i++) {
        client.send("x");
      }
      assertThat(client.reply().body()).isEqualTo("x".repeat(20));
    }
  }

  @EachGround
  void aClientThatDoesNotTakeItsAnswer(Ground ground) throws Exception {
    TcpOptions small = TcpOptions.defaults().sendLimit(64 * 1024);
    try (Site site =
            new Site(ground.executor(), HttpOptions.defaults().writeTimeout(SHORT), small);
        Client client = site.client()) {
      client.request("GET /endless");
      site.awaitSlowBegun();
      site.awaitSlowCancelled(); // its write has failed
      assertThat(client.isReset()).isTrue();
    }
  }

  /** There is a hole in the body, which no client is to take for all of it. */
  @EachGround
  void anAnswerOfWhichAPartWasGivenUp(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.request("GET /torn");
      site.awaitSlowCancelled();
      assertThatThrownBy(client::reply).isInstanceOf(IOException.class);
    }
  }

  /** A handler may take as long as it likes: the client waits for nothing of its own. */
  @EachGround
  void noLimitIsOfTheHandler(Ground ground) throws Exception {
    HttpOptions hasty =
        HttpOptions.defaults()
            .headTimeout(SHORT)
            .bodyTimeout(SHORT)
            .idleTimeout(SHORT)
            .writeTimeout(SHORT);
    try (Site site = new Site(ground, hasty);
        Client client = site.client();
        Client other = site.client()) {
      client.request("GET /gate");
      assertThat(other.isEnded()).as("which is idle for as long as it may").isTrue();
      site.gate.complete(null);
      assertThat(client.reply().body()).isEqualTo("open");
    }
  }
}
