package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams of HTTP/2 that end in other ways than in order, frame by frame. */
@ExtendWith(LeakCheck.class)
class Http2StreamTest {
  /** Each connection is looked at, and each stream that its client is waited for. */
  private static void awaitLimits(Site site, int number) throws Exception {
    Wait.until("as many are looked at", () -> site.server.limits().size() == number);
  }

  @EachGround
  void requestsOnOneConnection(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/");
      assertThat(client.answer(1)).isEqualTo("200 hello");
      client.request(3, true, "DELETE", "/");
      assertThat(client.answer(3)).isEqualTo("204 ");
      client.request(5, true, "GET", "/stream");
      client.read(Http2Client.HEADERS, 5);
      StringBuilder text = new StringBuilder();
      Http2Client.Frame part;
      while ((part = client.read()).type() == Http2Client.DATA) {
        text.append(part.text());
      }
      assertThat(text).hasToString("one two tri ");
      assertThat(client.fields(part).get("x-lines")).hasToString("3");
      assertThat(part.endsStream()).isTrue();
    }
  }

  /** Nor does a length have to be said, nor the last part have bytes. */
  @EachGround
  void bodiesAndTrailers(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, false, "POST", "/count");
      client.data(1, false, 1000);
      client.data(1, false, 0);
      client.data(1, false, 24);
      client.data(1, true, 0);
      assertThat(client.answer(1)).isEqualTo("200 1024");
      client.request(3, false, "POST", "/trailers");
      client.data(3, false, 10);
      client.trailers(3, "x-sum", "7");
      assertThat(client.answer(3)).isEqualTo("200 7");
    }
  }

  /** More than a window, so it is opened as the handler reads. */
  @EachGround
  void theWindowsAreOpenedAgain(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().bodyLimit(8 << 20));
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, false, "POST", "/count");
      int sent = 0;
      int ofStream = 65_535;
      int ofConnection = 65_535;
      while (sent < 4 << 20) {
        while (Math.min(ofStream, ofConnection) < 16_384) {
          Http2Client.Frame more = client.readAny();
          assertThat(more.type()).isEqualTo(Http2Client.WINDOW_UPDATE);
          ofStream += more.stream() == 1 ? more.number() : 0;
          ofConnection += more.stream() == 0 ? more.number() : 0;
        }
        client.data(1, false, 16_384);
        sent += 16_384;
        ofStream -= 16_384;
        ofConnection -= 16_384;
      }
      client.data(1, true, 0);
      assertThat(client.answer(1)).isEqualTo("200 " + sent);
    }
  }

  /** The client sends no more, and is told all the same that the rest is not wanted. */
  @EachGround
  void anAnswerBeforeTheBodyEndsTheStream(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      for (int stream = 1; stream < 20; stream += 2) {
        client.request(stream, false, "POST", "/early");
        assertThat(client.answer(stream)).isEqualTo("200 early");
        assertThat(client.read(Http2Client.RESET, stream).number())
            .isEqualTo((int) Http2Error.NO_ERROR.code());
      }
      awaitLimits(site, 1);
    }
  }

  /** Whoever sent it did not know of the reset yet. */
  @EachGround
  void whatIsUnderWayBehindAResetIsIgnored(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      for (int stream = 1; stream < 600; stream += 2) {
        client.request(stream, false, "POST", "/early");
        client.answer(stream);
        client.read(Http2Client.RESET, stream);
        client.data(stream, false, 100);
        client.data(stream, true, 100);
      }
      client.ping();
    }
  }

  /** RFC 9113, 5.4.2. And so many would end the connection. */
  @EachGround
  void aResetIsNotAnsweredByOne(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address, 0)) {
      for (int stream = 1; stream < 300; stream += 2) {
        client.request(stream, true, "GET", "/");
        client.read(Http2Client.HEADERS, stream);
        client.reset(stream);
      }
      client.ping();
      awaitLimits(site, 1);
    }
  }

  @EachGround
  void aResetCancelsTheHandler(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/slow");
      site.awaitSlowBegun();
      client.reset(1);
      site.awaitSlowCancelled();
      client.request(3, true, "GET", "/endless");
      site.awaitSlowBegun();
      client.reset(3);
      site.awaitSlowCancelled();
      client.request(5, true, "GET", "/stubborn"); // which makes an answer that nobody wants
      site.awaitSlowBegun();
      client.reset(5);
      site.awaitSlowCancelled();
    }
  }

  /** It is seen before what came first is read. */
  @EachGround
  void aClientThatGoesBehindAnUnreadBodyCancelsTheHandler(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, false, "POST", "/slow");
      client.data(1, false, 100);
      client.data(1, false, 100);
      site.awaitSlowBegun();
      client.reset(1);
      site.awaitSlowCancelled();
      client.request(3, false, "POST", "/slow");
      client.data(3, true, 100);
      site.awaitSlowBegun();
      client.close();
      site.awaitSlowCancelled();
      Wait.until("none is left", () -> site.server.open() == 0);
    }
  }

  @EachGround
  void aFaultOfOneStreamIsNoneOfTheOthers(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/gate");
      client.request(3, true, "GE T", "/");
      client.read(Http2Client.RESET, 3);
      client.request(5, false, "POST", "/trailers");
      client.trailers(5, "content-length", "3");
      client.read(Http2Client.RESET, 5);
      client.request(7, true, "GET", "/", "host", "other");
      client.read(Http2Client.RESET, 7);
      site.gate.complete(null);
      assertThat(client.answer(1)).isEqualTo("200 open");
    }
  }

  /** The last message of an answer is waited for by nobody, but for so long only. */
  @EachGround
  void aClientThatTakesNothingIsNotWaitedForForEver(Ground ground) throws Exception {
    HttpOptions options = HttpOptions.defaults().writeTimeout(Duration.ofMillis(100));
    try (Site site = new Site(ground, options);
        Http2Client client = new Http2Client(site.address, 0)) {
      client.request(1, true, "GET", "/");
      client.read(Http2Client.HEADERS, 1);
      assertThat(client.read(Http2Client.RESET, 1).number())
          .isEqualTo((int) Http2Error.CANCEL.code());
      client.ping();
    }
  }

  @EachGround
  void aClientThatTakesItLaterGetsIt(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address, 0)) {
      client.request(1, true, "GET", "/");
      client.read(Http2Client.HEADERS, 1);
      client.window(1, 3);
      assertThat(client.read(Http2Client.DATA, 1).text()).isEqualTo("hel");
      client.window(1, 3);
      Http2Client.Frame rest = client.read(Http2Client.DATA, 1);
      assertThat(rest.text()).isEqualTo("lo");
      assertThat(rest.endsStream()).isTrue();
      awaitLimits(site, 1);
    }
  }

  /** As a hub has it that does not know yet who has gone. */
  @EachGround
  void whatIsWrittenToAStreamThatIsOverLeavesNothingBehind(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      try (Http2Client client = new Http2Client(site.address)) {
        client.request(1, true, "GET", "/hub");
        Wait.until("it is joined", () -> site.hub.size() == 1);
        client.reset(1);
        client.ping();
      }
      awaitLimits(site, 0);
      Task<?> late = site.executor.spawn(() -> site.hub.get(0).write("late"));
      assertThat(late).failsWithin(Wait.LONG);
      awaitLimits(site, 0);
    }
  }

  /** The client does not know yet that it is the last connection's last request. */
  @EachGround
  void whatIsUnderWayBehindAGoAwayIsRefusedAndTheRestServed(Ground ground) throws Exception {
    try (Site site = new Site(ground, HttpOptions.defaults().requestLimit(1));
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/gate");
      client.read(Http2Client.GO_AWAY, 0);
      client.request(3, false, "POST", "/count");
      client.data(3, false, 100);
      client.data(3, true, 100);
      assertThat(client.read(Http2Client.RESET, 3).number())
          .isEqualTo((int) Http2Error.REFUSED_STREAM.code());
      client.ping();
      site.gate.complete(null);
      assertThat(client.answer(1)).isEqualTo("200 open");
      assertThat(client.read()).isNull();
    }
  }

  /** Nor does it take the farewell. */
  @EachGround
  void aClientThatReadsNothingDoesNotKeepAConnectionThatHasEnded(Ground ground) throws Exception {
    HttpOptions options = HttpOptions.defaults().idleTimeout(Duration.ofMillis(100));
    try (Site site = new Site(ground, options);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/");
      client.answer(1);
      Wait.until("it is closed", () -> site.server.open() == 0);
      client.read(Http2Client.GO_AWAY, 0);
      assertThat(client.read()).isNull();
      awaitLimits(site, 0);
    }
  }

  /** A frame that is none: the handlers of the connection are cancelled, and it is closed. */
  @EachGround
  void aFaultOfTheConnectionEndsIt(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Http2Client client = new Http2Client(site.address)) {
      client.request(1, true, "GET", "/slow");
      site.awaitSlowBegun();
      client.send(Http2Client.DATA, 0, 0, new byte[1]);
      site.awaitSlowCancelled();
      awaitLimits(site, 0);
    }
  }

  @EachGround
  void theExecutorMayEndBesideStreams(Ground ground) throws Exception {
    Site site = new Site(ground);
    try (Http2Client client = new Http2Client(site.address, 0)) {
      client.request(1, true, "GET", "/");
      client.read(Http2Client.HEADERS, 1); // the rest waits for a window
      client.request(3, false, "POST", "/slow");
      client.data(3, false, 100);
      site.awaitSlowBegun();
      site.close();
    }
  }
}
