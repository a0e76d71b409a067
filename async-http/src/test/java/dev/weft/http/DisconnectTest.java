package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that goes away, in order or not, at each stage of a request. */
@ExtendWith(LeakCheck.class)
class DisconnectTest {
  private static void leave(Client client, boolean inOrder) throws Exception {
    if (inOrder) {
      client.close();
    } else {
      client.reset();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EPOLL,true",
    "EPOLL,false",
    "IO_URING,true",
    "IO_URING,false",
    "NIO,true",
    "NIO,false",
    "NODE,true",
    "NODE,false"
  })
  void cancelsTheHandler(Ground ground, boolean inOrder) throws Exception {
    try (Site site = new Site(ground)) {
      Client client = site.client();
      client.request("GET /slow");
      site.awaitSlowBegun();
      leave(client, inOrder);
      site.awaitSlowCancelled();
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  /** Whether or not the handler reads it. */
  @EachGround
  void inTheBodyCancelsTheHandler(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      Client client = site.client();
      client.send("POST /slow HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\n");
      site.awaitSlowBegun();
      client.close();
      site.awaitSlowCancelled();
      Client reading = site.client();
      reading.send("POST /count HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nabc");
      reading.close();
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"EPOLL,true", "EPOLL,false", "IO_URING,false", "NIO,true", "NODE,true"})
  void cancelsTheWriterOfABody(Ground ground, boolean inOrder) throws Exception {
    try (Site site = new Site(ground)) {
      Client client = site.client();
      client.request("GET /endless");
      site.awaitSlowBegun();
      assertThat(client.socket().getInputStream().readNBytes(100_000)).hasSize(100_000);
      leave(client, inOrder);
      site.awaitSlowCancelled();
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  /** What a handler makes although it was cancelled is given back. */
  @EachGround
  void anAnswerThatNobodyWantsIsReleased(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      Client client = site.client();
      client.request("GET /stubborn");
      site.awaitSlowBegun();
      client.close();
      site.awaitSlowCancelled();
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  /** As Go and nginx read it: who ends its output does not want the answer. */
  @EachGround
  void anEndOfTheOutputIsOne(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.request("GET /slow");
      site.awaitSlowBegun();
      client.shutdownOutput();
      site.awaitSlowCancelled();
    }
  }

  /** What is answered at once is answered. */
  @EachGround
  void anAnswerThatIsThereIsSent(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.request("GET /");
      client.shutdownOutput();
      assertThat(client.reply().body()).isEqualTo("hello");
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** Which is not waited for, as it is handed to the loop: see {@link Http1#writeLast}. */
  @EachGround
  void anAnswerFromOutsideOfTheLoopIsSent(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      for (int i = 0; i < 50; i++) {
        try (Client client = site.client()) {
          client.request("GET /blocking");
          client.shutdownOutput();
          assertThat(client.reply().body()).isEqualTo("blocked");
          assertThat(client.isEnded()).isTrue();
        }
      }
    }
  }

  /** What comes after it is cut off, and does not cut it off. */
  @EachGround
  void norDoesHalfARequestBehindItKeepItBack(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      for (int i = 0; i < 50; i++) {
        try (Client client = site.client()) {
          client.request("GET /blocking").send("GET /half HTTP/1.1\r\n");
          client.shutdownOutput();
          assertThat(client.reply().body()).isEqualTo("blocked");
        }
      }
    }
  }

  /** Each handed to the loop when the one before may not be taken yet. */
  @EachGround
  void answersFromOutsideOfTheLoopComeInOrder(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      for (int i = 0; i < 200; i++) {
        client.request(i % 3 == 0 ? "GET /" : "GET /blocking");
      }
      for (int i = 0; i < 200; i++) {
        assertThat(client.reply().body()).isEqualTo(i % 3 == 0 ? "hello" : "blocked");
      }
    }
  }

  /** Of those that are sent ahead, too: they are read when it is their turn. */
  @EachGround
  void aRequestThatWaitsIsNotLost(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.request("GET /gate").request("GET /");
      Wait.until("the first is handled", () -> site.handled.get() == 1);
      site.gate.complete(null);
      assertThat(client.reply().body()).isEqualTo("open");
      assertThat(client.reply().body()).isEqualTo("hello");
    }
  }
}
