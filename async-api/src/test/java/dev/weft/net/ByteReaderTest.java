package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.frame.Seeds;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reading by count, line and delimiter: exact whatever the fragments, whoever cancels. */
@ExtendWith(LeakCheck.class)
class ByteReaderTest {
  private static final byte[] COMMA = {','};

  // ---- against the model

  @EachGround
  void everyReadIsExactUnderRandomFragments(Ground ground) throws Exception {
    int seeds = (int) Math.max(1, Seeds.all().count() / 10);
    for (long seed = 0; seed < seeds; seed++) {
      try (Pair pair = Pair.open(ground)) {
        readAll(pair, seed);
      } catch (Throwable failure) {
        throw new AssertionError("seed " + seed, failure);
      }
    }
  }

  private static void readAll(Pair pair, long seed) throws Exception {
    Random random = Seeds.random(seed);
    byte[] sent = ReadingModel.bytes(random, 1 + random.nextInt(200_000));
    CompletableFuture<Void> sending = sendInFragments(pair, sent, Seeds.random(~seed));
    ReadingModel model = new ReadingModel(sent, random);
    int steps = 0;
    while (!model.isAtEnd() || steps % 8 != 0) { // and a few at the end
      ReadingModel.Step step = model.next();
      Task<?> begun = step.begin(pair.stream);
      if (step.isRepeatable() && random.nextBoolean()) {
        for (int spins = random.nextInt(2000); spins > 0; spins--) {
          Thread.onSpinWait();
        }
        if (begun.cancel(false)) { // else it is there: it is looked at
          begun = step.begin(pair.stream);
        }
      }
      step.finish(begun);
      steps++;
    }
    Net.get(sending);
  }

  /** One byte to 64 KiB at a time. */
  private static CompletableFuture<Void> sendInFragments(Pair pair, byte[] bytes, Random random) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            OutputStream out = pair.peer.getOutputStream();
            for (int at = 0; at < bytes.length; ) {
              int most = 1 << random.nextInt(17);
              int fragment = Math.min(bytes.length - at, 1 + random.nextInt(most));
              out.write(bytes, at, fragment);
              at += fragment;
            }
            pair.peer.shutdownOutput();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The same reads, each in turn cancelled at each fragment that does not end it. */
  @EachGround
  void aCancelAtEveryAwaitLosesNothing(Ground ground) throws Exception {
    byte[] sent = "one\r\ntwo,three\nfourfive!!!".getBytes(StandardCharsets.US_ASCII);
    for (int cancelled = 0; cancelled <= sent.length; cancelled++) {
      try (Pair pair = Pair.open(ground)) {
        List<String> read = new ArrayList<>();
        int at = 0;
        for (int step = 0; step < 5; step++) {
          Task<?> begun = begin(pair.stream, step);
          while (!begun.isDone()) {
            if (at == cancelled) {
              begun.cancel(false);
              begun = begin(pair.stream, step);
            }
            if (!begun.isDone()) {
              Task<?> waiting = begun;
              int absorbed = pair.stream.held();
              pair.send(new byte[] {sent[at++]});
              Net.await("it", () -> waiting.isDone() || pair.stream.held() > absorbed);
            }
          }
          Object value = Net.get(begun);
          read.add(value instanceof ByteBuf buf ? Net.text(buf) : String.valueOf(value));
        }
        assertThat(read)
            .as("cancelled at %d", cancelled)
            .containsExactly("one", "two,", "three", "four", "five!");
      }
    }
  }

  private static Task<? extends @Nullable Object> begin(ByteReader reader, int step) {
    return switch (step) {
      case 0, 2 -> reader.readLine(100);
      case 1 -> reader.readUntil(COMMA, 100);
      case 3 -> reader.readExactly(4);
      default -> reader.readExactly(5);
    };
  }

  // ---- each

  @EachGround
  void whatIsNotEnoughStaysThere(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("abc");
      pair.peer.shutdownOutput();
      assertThatThrownBy(() -> Net.get(pair.stream.readExactly(4)))
          .isInstanceOf(EOFException.class)
          .hasMessageEndingWith(": The stream has ended after 3 of 4 bytes");
      assertThat(Net.text(Net.get(pair.stream.readExactly(3)))).isEqualTo("abc");
      assertThat(Net.get(pair.stream.read())).isNull();
      assertThat(Net.get(pair.stream.readLine(1))).isNull();
      assertThat(Net.get(pair.stream.readUntil(COMMA, 1))).isNull();
      assertThat(Net.get(pair.stream.skip(1))).isZero();
      assertThat(Net.bytes(Net.get(pair.stream.peek(1)))).isEmpty();
      assertThat(Net.bytes(Net.get(pair.stream.readAll(0)))).isEmpty();
    }
  }

  @EachGround
  void aLineOverTheLimitIsRefusedAndCanBeSkipped(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("12345\r\n123456\n12345\n");
      assertThat(Net.get(pair.stream.readLine(5))).isEqualTo("12345");
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> Net.get(pair.stream.readLine(5)))
            .isInstanceOf(TooLongException.class)
            .hasMessageEndingWith(": A line is longer than the limit of 5 bytes");
      }
      assertThat(Net.get(pair.stream.skip(7))).isEqualTo(7);
      assertThat(Net.get(pair.stream.readLine(5))).isEqualTo("12345");
      pair.send("no end of it");
      assertThatThrownBy(() -> Net.get(pair.stream.readLine(5)))
          .isInstanceOf(TooLongException.class);
      assertThatThrownBy(() -> Net.get(pair.stream.readUntil(COMMA, 5)))
          .isInstanceOf(TooLongException.class);
      assertThatThrownBy(() -> Net.get(pair.stream.readAll(5)))
          .isInstanceOf(TooLongException.class);
    }
  }

  @EachGround
  void linesAreTextInTheirCharset(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("gr\u00fc\u00df dich\n");
      assertThat(Net.get(pair.stream.readLine(80))).isEqualTo("gr\u00fc\u00df dich");
      pair.send(new byte[] {(byte) 0xfc, '\n', '\n', '\r', '\n', '\r', 'x', '\n'});
      assertThat(Net.get(pair.stream.readLine(80, StandardCharsets.ISO_8859_1)))
          .isEqualTo("\u00fc");
      assertThat(Net.get(pair.stream.readLine(80))).isEmpty();
      assertThat(Net.get(pair.stream.readLine(80))).isEmpty();
      assertThat(Net.get(pair.stream.readLine(80))).isEqualTo("\rx");
    }
  }

  @EachGround
  void moreThanTheReceiveLimitCanBeGathered(Ground ground) throws Exception {
    byte[] sent = new byte[300_000];
    new Random(3).nextBytes(sent);
    try (Pair pair = Pair.open(ground, TcpOptions.defaults().receiveLimit(4096))) {
      Task<ByteBuf> all = pair.stream.readExactly(sent.length);
      pair.send(sent);
      assertThat(Net.bytes(Net.get(all))).isEqualTo(sent);
      pair.send(sent);
      pair.peer.shutdownOutput();
      assertThat(Net.bytes(Net.get(pair.stream.readAll(sent.length)))).isEqualTo(sent);
    }
  }

  @EachGround
  void aBreakFailsWhoWaitsAndLeavesWhatHadArrived(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("abc");
      Task<String> line = pair.stream.readLine(10);
      pair.awaitHeld(3);
      Net.reset(pair.peer);
      assertThatThrownBy(() -> Net.get(line)).isInstanceOf(SocketException.class);
      assertThat(Net.text(Net.get(pair.stream.readExactly(3)))).isEqualTo("abc");
      assertThatThrownBy(() -> Net.get(pair.stream.readLine(10)))
          .isInstanceOf(SocketException.class);
    }
  }

  @EachGround
  void theIdleTimeoutLeavesWhatHadArrived(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground, TcpOptions.defaults().idleTimeout(Duration.ofMillis(50)))) {
      Task<String> line = pair.stream.readLine(10);
      pair.send("ab");
      assertThatThrownBy(() -> Net.get(line)).isInstanceOf(SocketTimeoutException.class);
      pair.send("c\n");
      String read = null;
      while (read == null) { // on a slow machine the rest comes later than the next time is up
        try {
          read = Net.get(pair.stream.readLine(10));
        } catch (SocketTimeoutException again) {
          // and nothing is lost
        }
      }
      assertThat(read).isEqualTo("abc");
    }
  }

  @EachGround
  void closingFreesWhatWasGathered(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      pair.send("abc");
      Task<String> line = pair.stream.readLine(10);
      pair.awaitHeld(3);
      assertThatThrownBy(() -> Net.get(pair.stream.read()))
          .isInstanceOf(IllegalStateException.class);
      pair.stream.close();
      assertThatThrownBy(() -> Net.get(line)).isInstanceOf(SocketException.class);
    }
    try (Pair pair = Pair.open(ground)) {
      pair.send("abc");
      Task<String> line = pair.stream.readLine(10);
      pair.awaitHeld(3);
      line.cancel(false);
      pair.stream.close();
    }
  }

  @EachGround
  void nonsenseIsRefused(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      assertThatThrownBy(() -> pair.stream.readExactly(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("bytes must be at least 0, not -1");
      assertThatThrownBy(() -> pair.stream.readUntil(new byte[0], 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> pair.stream.readLine(-1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(Net.bytes(Net.get(pair.stream.readExactly(0)))).isEmpty();
    }
  }
}
