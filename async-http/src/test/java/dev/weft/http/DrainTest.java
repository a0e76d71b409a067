package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.http.Client.Reply;
import dev.weft.net.TcpServer.DrainReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a server. */
@ExtendWith(LeakCheck.class)
class DrainTest {
  @EachGround
  void idleConnectionsEndAndRequestsAreAnswered(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client idle = site.client();
        Client busy = site.client();
        Client uploading = site.client()) {
      assertThat(idle.request("GET /").reply().body()).isEqualTo("hello");
      busy.request("GET /gate");
      uploading.send("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nab");
      Wait.until("they are handled", () -> site.handled.get() == 3);
      Task<DrainReport> drained = site.server.drain(Wait.LONG);
      assertThat(idle.isEnded()).isTrue();
      assertThatThrownBy(() -> site.client().request("GET /").reply())
          .isInstanceOf(IOException.class);
      assertThat(drained).isNotDone();
      site.gate.complete(null);
      Reply reply = busy.reply();
      assertThat(reply.body()).isEqualTo("open");
      assertThat(reply.header("connection")).isEqualTo("close");
      assertThat(busy.isEnded()).isTrue();
      uploading.send("cd");
      assertThat(uploading.reply().body()).isEqualTo("abcd");
      busy.close();
      uploading.close();
      assertThat(drained.get(Wait.LONG.toSeconds(), TimeUnit.SECONDS).reset()).isZero();
      assertThat(site.server.ended()).isDone();
    }
  }

  @EachGround
  void whatIsNotThroughIsReset(Ground ground) throws Exception {
    try (Site site = new Site(ground);
        Client client = site.client()) {
      client.request("GET /slow");
      site.awaitSlowBegun();
      DrainReport report =
          site.server.drain(Duration.ofMillis(50)).get(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(report.reset()).isEqualTo(1);
      site.awaitSlowCancelled();
      assertThat(client.isReset()).isTrue();
    }
  }

  @EachGround
  void aServerThatHasNothingEndsAtOnce(Ground ground) throws Exception {
    try (Site site = new Site(ground)) {
      DrainReport report = site.server.drainNow(Wait.LONG);
      assertThat(report).isEqualTo(new DrainReport(0, 0));
      assertThat(site.server.drain(Duration.ZERO)).isSameAs(site.server.ended());
    }
  }
}
