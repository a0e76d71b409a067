package dev.weft.http;

import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reaches a stream of HTTP/2 when it is over, or before anybody waits for it. */
class Http2StreamTest {
  private final WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
  private final HttpServer server =
      HttpServer.of(executor, request -> done(HttpResponse.text("hello")), HttpOptions.defaults());
  private TcpListener listener;
  private TcpStream connection;
  private EmbeddedChannel channel;
  private Http2Stream stream;

  @BeforeEach
  void open() throws Exception {
    listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    connection =
        executor.blockOn(() -> TcpStream.connect("127.0.0.1", listener.localAddress().getPort()));
    channel = new EmbeddedChannel();
    stream = new Http2Stream(server, channel, connection, new ConnectionFlushes(channel));
    channel.pipeline().addLast(stream);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    connection.close();
    listener.close();
    executor.close();
  }

  /** The codec hands over all that it holds, also what a reset has come after. */
  @Test
  void whatComesAfterAResetIsReleased() {
    channel.pipeline().fireUserEventTriggered(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    var late = new DefaultHttpContent(Unpooled.buffer().writeInt(1));
    channel.writeInbound(late);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void whatIsReadAheadIsThereForTheReader() {
    var head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    channel.writeInbound(head);
    assertThat(stream.read().join()).isSameAs(head);
  }

  /** The bytes were handed over. */
  @Test
  void aWriteWhoseWaiterIsCancelledIsSent() throws Exception {
    var answer = new DefaultHttpContent(Unpooled.buffer().writeInt(1));
    CompletableFuture<?> sent = stream.write(answer);
    sent.cancel(true);
    channel.runPendingTasks();
    assertThat(channel.<Object>readOutbound()).isSameAs(answer);
    answer.release();
  }

  @Test
  void whatSeveralHaveWrittenIsFlushed() throws Exception {
    CompletableFuture<?> first = stream.write(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
    CompletableFuture<?> second = stream.write(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
    channel.runPendingTasks();
    first.get(60, TimeUnit.SECONDS);
    second.get(60, TimeUnit.SECONDS);
  }
}
