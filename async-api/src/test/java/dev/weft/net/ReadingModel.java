package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The ways to read, drawn at random, each beside what it should find: the bytes that were sent are
 * known, and so is how far they were read.
 */
final class ReadingModel {
  private static final byte[] DELIMITER = {'a', 'a', 'b'};

  private final byte[] sent;
  private final Random random;
  private int position;

  ReadingModel(byte[] sent, Random random) {
    this.sent = sent;
    this.random = random;
  }

  /** Few different bytes, so that there are lines and delimiters, and parts of them. */
  static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) "aaaabbcd\r\n".charAt(random.nextInt(10));
    }
    return bytes;
  }

  boolean isAtEnd() {
    return position == sent.length;
  }

  /** A way to read, drawn. It can be begun more than once, until it was let come to its end. */
  Step next() {
    int left = sent.length - position;
    int most = random.nextBoolean() ? 20 : 20_000;
    int bytes = 1 + random.nextInt(most);
    return switch (random.nextInt(7)) {
      case 0 -> new Step("read()", reader -> reader.read(), this::someBytes);
      case 1 ->
          new Step(
              "readExactly(" + bytes + ")",
              reader -> reader.readExactly(bytes),
              outcome -> {
                if (bytes > left) {
                  assertThat(outcome).isInstanceOf(EOFException.class);
                  assertThat(((EOFException) outcome).getMessage())
                      .endsWith("ended after " + left + " of " + bytes + " bytes");
                } else {
                  taken((ByteBuf) outcome, bytes);
                }
              });
      case 2 ->
          new Step("readUntil", reader -> reader.readUntil(DELIMITER, most), o -> until(o, most));
      case 3 ->
          new Step(
              "readLine(" + most + ")",
              reader -> reader.readLine(most, StandardCharsets.ISO_8859_1),
              outcome -> line(outcome, most));
      case 4 ->
          new Step(
              "peek(" + bytes + ")",
              reader -> reader.peek(bytes),
              outcome -> {
                int here = position;
                taken((ByteBuf) outcome, Math.min(bytes, left));
                position = here;
              });
      case 5 -> // a skip that is cancelled has dropped some: not drawn where it is
          new Step(
              "readExactly(1)",
              reader -> reader.readExactly(1),
              outcome -> {
                if (left == 0) {
                  assertThat(outcome).isInstanceOf(EOFException.class);
                } else {
                  taken((ByteBuf) outcome, 1);
                }
              });
      default ->
          new Step(
              "skip(" + bytes + ")",
              reader -> reader.skip(bytes),
              outcome -> {
                assertThat(outcome).isEqualTo((long) Math.min(bytes, left));
                position += Math.min(bytes, left);
              });
    };
  }

  private void someBytes(@Nullable Object outcome) {
    if (isAtEnd()) {
      assertThat(outcome).isNull();
    } else {
      ByteBuf buf = (ByteBuf) outcome;
      assertThat(buf.readableBytes()).isPositive();
      taken(buf, buf.readableBytes());
    }
  }

  private void taken(ByteBuf buf, int expected) {
    byte[] bytes = Net.bytes(buf);
    assertThat(bytes).isEqualTo(Arrays.copyOfRange(sent, position, position + expected));
    position += expected;
  }

  private void until(@Nullable Object outcome, int limit) {
    int at = position;
    while (at + DELIMITER.length <= sent.length
        && !Arrays.equals(sent, at, at + DELIMITER.length, DELIMITER, 0, DELIMITER.length)) {
      at++;
    }
    boolean found = at + DELIMITER.length <= sent.length;
    int before = found ? at - position : sent.length - position;
    if (before > limit) {
      assertThat(outcome).isInstanceOf(TooLongException.class);
    } else if (isAtEnd()) {
      assertThat(outcome).isNull();
    } else {
      taken((ByteBuf) outcome, found ? before + DELIMITER.length : before);
    }
  }

  private void line(@Nullable Object outcome, int limit) {
    int at = position;
    while (at < sent.length && sent[at] != '\n') {
      at++;
    }
    boolean found = at < sent.length;
    int end = found && at > position && sent[at - 1] == '\r' ? at - 1 : at;
    if (end - position > limit) {
      assertThat(outcome).isInstanceOf(TooLongException.class);
    } else if (isAtEnd()) {
      assertThat(outcome).isNull();
    } else {
      assertThat(outcome)
          .isEqualTo(new String(sent, position, end - position, StandardCharsets.ISO_8859_1));
      position = found ? at + 1 : at;
    }
  }

  /** A read, and a look at what it has ended with. */
  interface Reading {
    Task<? extends @Nullable Object> begin(ByteReader reader);
  }

  /** Looks at a value or a failure. */
  interface Check {
    void check(@Nullable Object outcome);
  }

  record Step(String name, Reading reading, Check check) {
    /** A skip that was cancelled cannot be repeated. */
    boolean isRepeatable() {
      return !name.startsWith("skip");
    }

    Task<? extends @Nullable Object> begin(ByteReader reader) {
      return reading.begin(reader);
    }

    /** Waits for the end of what was begun, and compares. */
    void finish(Task<? extends @Nullable Object> begun) throws Exception {
      Object outcome;
      try {
        outcome = Net.get(begun);
      } catch (EOFException | TooLongException failure) {
        outcome = failure;
      }
      check.check(outcome);
    }
  }
}
