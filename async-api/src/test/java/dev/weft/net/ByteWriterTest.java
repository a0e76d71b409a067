package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Arrays, text, several buffers, files: what the peer reads is just that, in its order. */
@ExtendWith(LeakCheck.class)
class ByteWriterTest {
  @TempDir Path folder;

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static CompletableFuture<byte[]> received(Pair pair) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = pair.peer.getInputStream()) {
            return in.readAllBytes();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @EachGround
  void everyWayOfWritingIsExact(Ground ground) throws Exception {
    byte[] array = random(500_000, 1);
    byte[] inFile = random(700_000, 2);
    Path file = Files.write(folder.resolve("sent"), inFile);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    try (Pair pair = Pair.open(ground)) {
      CompletableFuture<byte[]> received = received(pair);
      for (int round = 0; round < 3; round++) {
        Net.get(pair.stream.writeAll("caf\u00e9\n"));
        expected.write("caf\u00e9\n".getBytes(StandardCharsets.UTF_8));
        Net.get(pair.stream.writeAll(array));
        expected.write(array);
        List<ByteBuf> bufs =
            IntStream.range(0, 300).mapToObj(i -> Net.buf(random(i * 7, i))).toList();
        for (int i = 0; i < 300; i++) {
          expected.write(random(i * 7, i));
        }
        Net.get(pair.stream.writeAll(bufs));
        Net.get(pair.stream.sendFile(file, round * 100, 600_000));
        expected.write(inFile, round * 100, 600_000);
        Net.get(pair.stream.write(Net.buf("!")));
        expected.write('!');
      }
      Net.get(pair.stream.shutdownOutput());
      assertThat(Net.get(received)).isEqualTo(expected.toByteArray());
    }
  }

  @EachGround
  void nothingIsWrittenAtOnce(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      assertThat(pair.stream.writeAll(new byte[0])).isCompleted();
      assertThat(pair.stream.writeAll(List.of())).isCompleted();
      Path empty = Files.createFile(folder.resolve("empty"));
      Net.get(pair.stream.sendFile(empty, 0, 0));
    }
  }

  @EachGround
  void aPeerThatDoesNotReadHoldsTheWriterUp(Ground ground) throws Exception {
    byte[] much = random(32 << 20, 3);
    Path file = Files.write(folder.resolve("much"), much);
    for (boolean fromFile : new boolean[] {false, true}) {
      try (Pair pair = Pair.open(ground)) {
        Task<@Nullable Void> written =
            fromFile ? pair.stream.sendFile(file, 0, much.length) : pair.stream.writeAll(much);
        Net.await("it waits", () -> pair.stream.unsent() > 0);
        assertThat(written).isNotDone();
        assertThat(pair.stream.unsent()).isLessThan(fromFile ? much.length + 1 : 1 << 20);
        CompletableFuture<byte[]> received = received(pair);
        Net.get(written);
        Net.get(pair.stream.shutdownOutput());
        assertThat(Net.get(received)).isEqualTo(much);
      }
    }
  }

  @EachGround
  void aCancelledWriteSendsAPartFromTheBeginning(Ground ground) throws Exception {
    byte[] much = random(32 << 20, 4);
    for (boolean buffers : new boolean[] {false, true}) {
      try (Pair pair = Pair.open(ground)) {
        Task<@Nullable Void> written =
            buffers ? pair.stream.writeAll(cut(much)) : pair.stream.writeAll(much);
        Net.await("it waits", () -> pair.stream.unsent() > 0 && !written.isDone());
        written.cancel(false);
        assertThatThrownBy(written::join).isInstanceOf(CancellationException.class);
        Task<@Nullable Void> end = pair.stream.shutdownOutput();
        byte[] received = Net.get(received(pair));
        Net.get(end);
        assertThat(received.length).isBetween(1, much.length - 1);
        assertThat(received).isEqualTo(Arrays.copyOf(much, received.length));
      }
    }
  }

  private static List<ByteBuf> cut(byte[] bytes) {
    List<ByteBuf> cut = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += 1 << 16) {
      cut.add(Net.buf(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + (1 << 16)))));
    }
    return cut;
  }

  @EachGround
  void aBreakFailsWhatIsUnderWay(Ground ground) throws Exception {
    byte[] much = random(32 << 20, 5);
    Path file = Files.write(folder.resolve("much"), much);
    for (int way = 0; way < 3; way++) {
      try (Pair pair = Pair.open(ground)) {
        Task<@Nullable Void> written =
            switch (way) {
              case 0 -> pair.stream.writeAll(much);
              case 1 -> pair.stream.writeAll(cut(much));
              default -> pair.stream.sendFile(file, 0, much.length);
            };
        Net.await("it waits", () -> pair.stream.unsent() > 0);
        Net.reset(pair.peer);
        assertThatThrownBy(() -> Net.get(written)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> Net.get(pair.stream.writeAll(much)))
            .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> Net.get(pair.stream.writeAll(cut(much))))
            .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> Net.get(pair.stream.sendFile(file, 0, 10)))
            .isInstanceOf(SocketException.class);
      }
    }
  }

  @EachGround
  void closingFailsWhatWaitsAndDropsTheRest(Ground ground) throws Exception {
    byte[] much = random(32 << 20, 6);
    for (int way = 0; way < 2; way++) {
      try (Pair pair = Pair.open(ground)) {
        Task<@Nullable Void> written =
            way == 0 ? pair.stream.writeAll(much) : pair.stream.writeAll(cut(much));
        Net.await("it waits", () -> pair.stream.unsent() > 0 && !written.isDone());
        pair.stream.reset();
        assertThatThrownBy(() -> Net.get(written)).isInstanceOf(SocketException.class);
      }
    }
  }

  @EachGround
  void aFileThatCannotBeSentIsAClearFailure(Ground ground) throws Exception {
    Path file = Files.writeString(folder.resolve("short"), "12345");
    try (Pair pair = Pair.open(ground)) {
      assertThatThrownBy(() -> Net.get(pair.stream.sendFile(file, 3, 3)))
          .isInstanceOf(EOFException.class)
          .hasMessage(file + ": Has 5 bytes, and is to be sent up to 6");
      assertThatThrownBy(() -> Net.get(pair.stream.sendFile(folder.resolve("none"), 0, 1)))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> pair.stream.sendFile(file, -1, 1))
          .isInstanceOf(IllegalArgumentException.class);
      Net.get(pair.stream.sendFile(file, 3, 2));
      Net.get(pair.stream.shutdownOutput());
      assertThat(Net.get(received(pair))).isEqualTo("45".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @EachGround
  void noDescriptorIsLeftOfFiles(Ground ground) throws Exception {
    byte[] much = random(8 << 20, 7);
    Path file = Files.write(folder.resolve("much"), much);
    try (Pair pair = Pair.open(ground)) {
      Net.get(pair.stream.sendFile(file, 0, 10));
      int cancelled = 0;
      for (int round = 0; round < 20; round++) {
        Task<@Nullable Void> sent = pair.stream.sendFile(file, 0, 1);
        cancelled += sent.cancel(false) ? 1 : 0;
      }
      pair.stream.reset();
      Net.await("the files to be closed", () -> !isOpen(file));
      assertThat(cancelled).isPositive();
    }
  }

  private static boolean isOpen(Path file) {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return false;
    }
    try (var all = Files.list(descriptors)) {
      return all.anyMatch(
          descriptor -> {
            try {
              return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
            } catch (Exception gone) {
              return false;
            }
          });
    } catch (Exception unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  @EachGround
  void halvesCloseTheStreamTogether(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      Halves halves = pair.stream.split();
      Net.get(halves.writer().writeAll("out"));
      halves.writer().close();
      halves.writer().close();
      assertThat(new String(Net.get(received(pair)), StandardCharsets.US_ASCII)).isEqualTo("out");
    }
    try (Pair pair = Pair.open(ground)) {
      Halves halves = pair.stream.split();
      halves.writer().close();
      assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
      pair.send("in\n");
      assertThat(Net.get(halves.reader().readLine(10))).isEqualTo("in");
      halves.reader().close();
      assertThatThrownBy(() -> Net.get(pair.stream.read())).isInstanceOf(SocketException.class);
      assertThatThrownBy(
              () -> Net.get(Async.timeout(java.time.Duration.ofDays(1), pair.stream.read())))
          .isInstanceOf(SocketException.class);
    }
  }
}
