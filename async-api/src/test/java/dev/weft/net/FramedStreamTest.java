package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.frame.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages instead of bytes, by Netty's codecs. */
@ExtendWith(LeakCheck.class)
class FramedStreamTest {
  private static ChannelHandler[] lines() {
    return new ChannelHandler[] {
      new LineBasedFrameDecoder(100),
      new StringDecoder(StandardCharsets.UTF_8),
      new StringEncoder(StandardCharsets.UTF_8)
    };
  }

  private static FramedStream<String, String> lines(Pair pair) throws Exception {
    return Net.get(FramedStream.over(pair.stream, lines()));
  }

  private static FramedStream<ByteBuf, ByteBuf> frames(Pair pair) throws Exception {
    return Net.get(
        FramedStream.over(
            pair.stream,
            new LengthFieldBasedFrameDecoder(1 << 20, 0, 4, 0, 4),
            new LengthFieldPrepender(4)));
  }

  @EachGround
  void messagesAreReadAndWritten(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<String, String> lines = lines(pair)) {
      pair.send("one\ntwo\r\nthr");
      assertThat(Net.get(lines.read())).isEqualTo("one");
      assertThat(Net.get(lines.read())).isEqualTo("two");
      Task<@Nullable String> third = lines.read();
      pair.send("ee\n");
      assertThat(Net.get(third)).isEqualTo("three");
      Net.get(lines.write("four\n"));
      Net.get(lines.shutdownOutput());
      assertThat(new String(pair.peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("four\n");
      pair.peer.shutdownOutput();
      assertThat(Net.get(lines.read())).isNull();
      assertThat(Net.get(lines.read())).isNull();
    }
  }

  @EachGround
  void whatHadArrivedGoesThroughTheCodecs(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("plain\none\ntw");
      assertThat(Net.get(pair.stream.readLine(80))).isEqualTo("plain");
      pair.awaitHeld(1);
      try (FramedStream<String, String> lines = lines(pair)) {
        assertThat(Net.get(lines.read())).isEqualTo("one");
        assertThatThrownBy(() -> Net.get(pair.stream.read()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("use the FramedStream's");
        assertThatThrownBy(() -> pair.stream.readLine(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Net.get(pair.stream.write(Net.buf("x"))))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                () -> pair.executor.blockOn(() -> FramedStream.over(pair.stream, lines())))
            .hasMessageContaining("is framed already");
        pair.send("o\nthree\n");
        assertThat(Net.get(lines.read())).isEqualTo("two");
        assertThat(Net.get(lines.read())).isEqualTo("three");
        pair.send("bytes again");
        // the decoder has it before it goes: else it would be read as bytes anyhow
        assertThat(Net.get(Net.get(lines.unframed()).readExactly(11)))
            .satisfies(buf -> assertThat(Net.text(buf)).isEqualTo("bytes again"));
      }
    }
  }

  @EachGround
  void whatHadArrivedBeforeTheEndIsDecodedToo(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("a\nb\n");
      pair.peer.shutdownOutput();
      assertThat(Net.get(pair.stream.readLine(1))).isEqualTo("a");
      try (FramedStream<String, String> lines = lines(pair)) {
        assertThat(Net.get(lines.read())).isEqualTo("b");
        assertThat(Net.get(lines.read())).isNull();
      }
    }
  }

  /** Frames of all lengths, in fragments of all lengths, with reads cancelled all the time. */
  @EachGround
  void framesAreExactUnderRandomFragments(Ground ground) throws Exception {
    long seed = new Random().nextLong();
    Random random = Seeds.random(seed);
    int frames = 2000;
    try (Pair pair = Pair.open(ground, TcpOptions.defaults().receiveLimit(8192));
        FramedStream<ByteBuf, ByteBuf> framed = frames(pair)) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  DataOutputStream out = new DataOutputStream(pair.peer.getOutputStream());
                  Random fragments = Seeds.random(seed);
                  for (int i = 0; i < frames; i++) {
                    int length = i % 50 == 0 ? 100_000 : i % 97;
                    out.writeInt(length);
                    byte[] bytes = new byte[length];
                    java.util.Arrays.fill(bytes, (byte) i);
                    int cut = length == 0 ? 0 : fragments.nextInt(length);
                    out.write(bytes, 0, cut);
                    out.write(bytes, cut, length - cut);
                  }
                  pair.peer.shutdownOutput();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      CompletableFuture<Void> back =
          CompletableFuture.runAsync(
              () -> {
                try {
                  DataInputStream in = new DataInputStream(pair.peer.getInputStream());
                  for (int i = 0; i < frames; i++) {
                    int length = in.readInt();
                    byte[] bytes = in.readNBytes(length);
                    for (byte one : bytes) {
                      if (one != (byte) i) {
                        throw new AssertionError("frame " + i + " has " + one);
                      }
                    }
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      for (int i = 0; i < frames; i++) {
        Task<@Nullable ByteBuf> read = framed.read();
        if (random.nextInt(4) == 0 && read.cancel(false)) {
          read = framed.read();
        }
        ByteBuf frame = Net.get(read);
        assertThat(frame).as("frame %d, seed %d", i, seed).isNotNull();
        assertThat(frame.readableBytes()).isEqualTo(i % 50 == 0 ? 100_000 : i % 97);
        Net.get(framed.write(frame));
      }
      assertThat(Net.get(framed.read())).isNull();
      Net.get(sending);
      Net.get(back);
    }
  }

  @EachGround
  void aReaderThatIsSlowHoldsThePeerUp(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<String, String> lines = lines(pair)) {
      Task<@Nullable String> first = lines.read();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  byte[] line = "0123456789\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
                  for (int i = 0; i < 4000; i++) { // 44 MB
                    pair.peer.getOutputStream().write(line);
                  }
                  pair.peer.shutdownOutput();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Net.await("it holds back", pair.stream::isHoldingBack);
      assertThat(Net.get(first)).isEqualTo("0123456789");
      assertThat(sending).isNotDone();
      assertThat(pair.stream.held()).isLessThan(16 << 20);
    }
  }

  @EachGround
  void aDecoderThatFailsEndsTheReadingInItsOrder(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<String, String> lines = lines(pair)) {
      pair.send("good\n" + "x".repeat(200) + "\nlate\n");
      assertThat(Net.get(lines.read())).isEqualTo("good");
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> Net.get(lines.read()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(": The input cannot be decoded: ")
            .hasRootCauseInstanceOf(io.netty.handler.codec.TooLongFrameException.class);
      }
      Net.get(lines.write("500\n"));
      lines.close();
      assertThat(new String(pair.peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("500\n");
    }
  }

  @EachGround
  void aDecoderThatFailsStopsTheReading(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<ByteBuf, ByteBuf> lines =
            Net.get(FramedStream.over(pair.stream, new LineBasedFrameDecoder(100, true, true)))) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  byte[] line = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                  for (int i = 0; i < 256; i++) {
                    pair.peer.getOutputStream().write(line);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThatThrownBy(() -> Net.get(lines.read())).isInstanceOf(IOException.class);
      // It never is, as nobody reads: the second is for the case that somebody does.
      assertThatThrownBy(() -> sending.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      pair.stream.reset();
      assertThatThrownBy(() -> Net.get(sending)).hasCauseInstanceOf(SocketException.class);
    }
  }

  @EachGround
  void emptyMessagesHoldThePeerUpToo(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<ByteBuf, ByteBuf> framed = frames(pair)) {
      Task<@Nullable ByteBuf> first = framed.read();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  byte[] empty = new byte[1 << 20];
                  for (int i = 0; i < 64; i++) {
                    pair.peer.getOutputStream().write(empty);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(Net.bytes(Net.get(first))).isEmpty();
      Net.await("it holds back", pair.stream::isHoldingBack);
      assertThatThrownBy(() -> pair.executor.blockOn(framed::unframed))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("messages are unread");
      pair.stream.reset();
      assertThatThrownBy(() -> Net.get(sending)).hasCauseInstanceOf(SocketException.class);
    }
  }

  @EachGround
  void aClosedStreamCannotBeFramed(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.stream.close();
      assertThatThrownBy(() -> pair.executor.blockOn(() -> FramedStream.over(pair.stream, lines())))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("closed by this side");
    }
  }

  /** Says no to every other message. */
  private static final class Picky extends MessageToByteEncoder<Integer> {
    @Override
    protected void encode(ChannelHandlerContext context, Integer number, ByteBuf out) {
      if (number % 2 == 1) {
        throw new IllegalArgumentException("odd: " + number);
      }
      out.writeByte(number);
    }
  }

  @EachGround
  void anEncoderThatFailsFailsTheWriteAlone(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<ByteBuf, Object> framed =
            Net.get(FramedStream.over(pair.stream, new Picky()))) {
      for (int i = 0; i < 10; i++) {
        int number = i;
        if (i % 2 == 0) {
          Net.get(framed.write(i));
        } else {
          assertThatThrownBy(() -> Net.get(framed.write(number)))
              .hasRootCauseInstanceOf(IllegalArgumentException.class);
        }
      }
      assertThatThrownBy(() -> Net.get(framed.write("not a number")))
          .hasMessageContaining("unsupported message type");
      Net.get(framed.shutdownOutput());
      assertThat(pair.peer.getInputStream().readAllBytes()).containsExactly(0, 2, 4, 6, 8);
    }
  }

  @EachGround
  void aBreakIsAFailureOfTheConnection(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<String, String> lines = lines(pair)) {
      pair.send("good\n");
      assertThat(Net.get(lines.read())).isEqualTo("good");
      Task<@Nullable String> waiting = lines.read();
      Net.reset(pair.peer);
      assertThatThrownBy(() -> Net.get(waiting)).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> Net.get(lines.write("x"))).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> pair.executor.blockOn(() -> FramedStream.over(pair.stream, lines())))
          .hasMessageContaining("is framed already");
    }
  }

  @EachGround
  void httpIsFramedByNettysCodec(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground);
        FramedStream<HttpObject, HttpObject> http =
            Net.get(FramedStream.over(pair.stream, new HttpServerCodec()))) {
      for (int round = 0; round < 3; round++) {
        pair.send("GET /" + round + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        HttpRequest request = (HttpRequest) Net.get(http.read());
        assertThat(request.uri()).isEqualTo("/" + round);
        HttpContent part;
        do {
          part = (HttpContent) Net.get(http.read());
          part.release();
        } while (!(part instanceof LastHttpContent));
        DefaultFullHttpResponse response =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set("content-length", 0);
        Net.get(http.write(response));
        assertThat(new String(pair.peer.getInputStream().readNBytes(38), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      }
    }
  }
}
