package dev.weft.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A buffer that is alone when its turn to be sent comes goes past Netty; whatever it meets before
 * that comes after it, and it is freed in any case.
 */
@ExtendWith(LeakCheck.class)
class LoneWriteTest {
  /** No write waits. */
  private static final TcpOptions ROOMY = TcpOptions.defaults().sendLimit(64 << 20);

  private static final int MUCH = 8 << 20;

  /** Does something in one turn of the loop, in which nothing is sent but by that. */
  private static <T extends @Nullable Object> T inOneTurn(TcpStream stream, Supplier<T> action)
      throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    stream
        .driver()
        .loop()
        .execute(
            () -> {
              try {
                result.complete(action.get());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return Net.get(result);
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(text.getBytes(UTF_8)).flip();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @EachGround
  void whatTheKernelDoesNotTakeIsSentLaterAndInOrder(Ground ground) throws Exception {
    byte[] much = bytes(MUCH);
    try (Pair pair = Pair.open(ground, ROOMY)) {
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf(much)));
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("b")));
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("c")));
      assertThat(pair.peer.getInputStream().readNBytes(MUCH)).isEqualTo(much);
      assertThat(pair.peer.getInputStream().readNBytes(2)).asString().isEqualTo("bc");
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("d")));
      assertThat(pair.peer.getInputStream().readNBytes(1)).asString().isEqualTo("d");
    }
  }

  /** On the heap, in parts, sliced: those that the kernel cannot be given by an address, too. */
  @EachGround
  void buffersOfEachKindComeInTheirOrder(Ground ground) throws Exception {
    List<Supplier<ByteBuf>> kinds =
        List.of(
            () -> Net.buf("direct"),
            () -> Unpooled.wrappedBuffer("heap".getBytes(UTF_8)),
            () -> Unpooled.wrappedBuffer(Net.buf("in "), Net.buf("parts")),
            () -> Net.buf("xslicex").slice(1, 5),
            () -> Net.buf("yyread").skipBytes(2),
            () -> Net.buf("zread only").skipBytes(1).asReadOnly(),
            () -> Unpooled.wrappedBuffer(direct("of the JDK").asReadOnlyBuffer()),
            () -> Unpooled.wrappedBuffer(direct("wrapped")),
            () -> new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, true, 2, Net.buf("one")));
    List<String> texts =
        List.of(
            "direct",
            "heap",
            "in parts",
            "slice",
            "read",
            "read only",
            "of the JDK",
            "wrapped",
            "one");
    try (Pair pair = Pair.open(ground)) {
      for (int first = 0; first < kinds.size(); first++) {
        for (int second = 0; second < kinds.size(); second++) {
          Supplier<ByteBuf> one = kinds.get(first);
          Supplier<ByteBuf> other = kinds.get(second);
          inOneTurn(pair.stream, () -> pair.stream.write(one.get()));
          inOneTurn(
              pair.stream,
              () -> {
                pair.stream.write(one.get());
                pair.stream.write(other.get());
                pair.stream.write(one.get());
                return pair.stream.write(other.get());
              });
          String both = texts.get(first) + texts.get(second);
          String expected = texts.get(first) + both + both;
          assertThat(pair.peer.getInputStream().readNBytes(expected.length()))
              .asString()
              .isEqualTo(expected);
        }
      }
    }
  }

  @EachGround
  void theEndOfTheOutputComesAfterIt(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      Task<?> shut =
          inOneTurn(
              pair.stream,
              () -> {
                pair.stream.write(Net.buf("last"));
                return pair.stream.shutdownOutput();
              });
      assertThat(pair.peer.getInputStream().readAllBytes()).asString().isEqualTo("last");
      Net.get(shut);
    }
  }

  @EachGround
  void aCloseComesAfterItHoweverMuchItIs(Ground ground) throws Exception {
    for (int count : List.of(4, MUCH)) {
      byte[] last = bytes(count);
      try (Pair pair = Pair.open(ground, ROOMY)) {
        inOneTurn(
            pair.stream,
            () -> {
              pair.stream.write(Net.buf(last));
              pair.stream.close();
              return null;
            });
        assertThat(pair.peer.getInputStream().readAllBytes()).isEqualTo(last);
      }
    }
  }

  @EachGround
  void aFileComesAfterIt(Ground ground, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("file");
    Files.writeString(file, "file");
    try (Pair pair = Pair.open(ground)) {
      Task<?> sent =
          inOneTurn(
              pair.stream,
              () -> {
                pair.stream.write(Net.buf("before"));
                return pair.stream.sendFile(file, 0, 4);
              });
      Net.get(sent);
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("after")));
      assertThat(pair.peer.getInputStream().readNBytes(15)).asString().isEqualTo("beforefileafter");
    }
  }

  /** A handler may write to the channel by itself, and need not flush that. */
  @EachGround
  void whatACodecHasWrittenGoesBeforeIt(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      FramedStream<ByteBuf, ByteBuf> framed =
          Net.get(
              FramedStream.over(
                  pair.stream,
                  new ChannelHandlerAdapter() {
                    @Override
                    public void handlerRemoved(ChannelHandlerContext context) {
                      context.write(Net.buf("x"), context.voidPromise());
                    }
                  }));
      Net.get(framed.unframed());
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("y")));
      assertThat(pair.peer.getInputStream().readNBytes(2)).asString().isEqualTo("xy");
    }
  }

  /** The peer must not see what comes after it as if nothing was missing. */
  @EachGround
  void oneThatItsWriterHasFreedBreaksTheConnection(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("a")));
      assertThat(pair.peer.getInputStream().readNBytes(1)).asString().isEqualTo("a");
      ByteBuf freed = Net.buf("freed");
      inOneTurn(
          pair.stream,
          () -> {
            Task<?> written = pair.stream.write(freed);
            freed.release();
            return written.handle((done, error) -> null);
          });
      inOneTurn(pair.stream, () -> pair.stream.write(Net.buf("b")).handle((done, error) -> null));
      int next;
      try {
        next = pair.peer.getInputStream().read();
      } catch (SocketException reset) {
        next = -1;
      }
      assertThat(next).isEqualTo(-1);
    }
  }

  @EachGround
  void oneThatIsWrittenBeforeAResetIsFreed(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      ByteBuf buf = Net.buf("dropped");
      inOneTurn(
          pair.stream,
          () -> {
            pair.stream.write(buf);
            pair.stream.reset();
            return null;
          });
      Net.await("the buffer is freed", () -> buf.refCnt() == 0);
    }
  }

  @EachGround
  void oneThatMeetsAResetOfThePeerIsFreedAndTheConnectionIsBroken(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      Task<?> read = pair.stream.read();
      pair.peer.setSoLinger(true, 0);
      pair.peer.close();
      ByteBuf[] bufs = new ByteBuf[20];
      Arrays.setAll(bufs, i -> Net.buf("to nobody"));
      for (ByteBuf buf : bufs) {
        inOneTurn(pair.stream, () -> pair.stream.write(buf).handle((done, error) -> null));
      }
      Throwable failure = Net.get(read.handle((done, error) -> error));
      assertThat(failure).isInstanceOf(IOException.class);
      Net.await(
          "the buffers are freed", () -> Arrays.stream(bufs).allMatch(buf -> buf.refCnt() == 0));
    }
  }
}
