package dev.weft.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines do not depend on how their bytes are cut up. */
class LineSplitterTest {
  private static final String[] PIECES = {
    "a", "\n", "\r", "\r\n", "", "\u00e4", "\u20ac", "\ud83d\ude00", "some words", "\n\n"
  };

  private static CharsetDecoder decoder(Charset charset, CodingErrorAction action) {
    return charset.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    if (random.nextInt(10) == 0) {
      text.append("x".repeat(10_000));
    }
    return text.toString();
  }

  private static List<String> split(byte[] bytes, Charset charset, Random random)
      throws IOException {
    LineSplitter splitter =
        new LineSplitter(decoder(charset, CodingErrorAction.REPORT), Integer.MAX_VALUE);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 2 : 9000));
      lines.addAll(splitter.feed(ByteBuffer.wrap(bytes, at, length)));
      at += length;
    }
    String last = splitter.end();
    if (last != null) {
      lines.add(last);
    }
    return lines;
  }

  @Test
  void linesAreThoseOfStringHoweverTheyAreCut() {
    Seeds.all()
        .forEach(
            seed -> {
              Random random = Seeds.random(seed);
              String text = text(random);
              for (Charset charset :
                  List.of(
                      StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16)) {
                try {
                  assertThat(split(text.getBytes(charset), charset, random))
                      .as("seed %s, %s", seed, charset)
                      .isEqualTo(text.lines().toList());
                } catch (IOException error) {
                  throw new AssertionError("seed " + seed, error);
                }
              }
            });
  }

  @Test
  void aLineIsThereAsSoonAsItEnds() throws Exception {
    LineSplitter splitter = splitter(100);
    assertThat(feed(splitter, "a\nb")).containsExactly("a");
    assertThat(feed(splitter, "\r")).as("which may be the half of an end").containsExactly("b");
    assertThat(feed(splitter, "\n")).as("its other half").isEmpty();
    assertThat(feed(splitter, "\nc\n")).containsExactly("", "c");
    assertThat(splitter.end()).isNull();
  }

  @Test
  void bytesThatAreNoneFailOrAreReplaced() throws Exception {
    byte[] bytes = {'a', (byte) 0xc3};
    LineSplitter strict =
        new LineSplitter(decoder(StandardCharsets.UTF_8, CodingErrorAction.REPORT), 10);
    assertThat(strict.feed(ByteBuffer.wrap(bytes))).isEmpty();
    assertThatThrownBy(strict::end).isInstanceOf(MalformedInputException.class);
    LineSplitter lenient =
        new LineSplitter(decoder(StandardCharsets.UTF_8, CodingErrorAction.REPLACE), 10);
    assertThat(lenient.feed(ByteBuffer.wrap(bytes))).isEmpty();
    assertThat(lenient.end()).isEqualTo("a\ufffd");
    assertThatThrownBy(
            () ->
                new LineSplitter(decoder(StandardCharsets.UTF_8, CodingErrorAction.REPORT), 10)
                    .feed(ByteBuffer.wrap(new byte[] {(byte) 0xff, '\n'})))
        .isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void aLineHasALimit() throws Exception {
    LineSplitter splitter = splitter(5);
    assertThat(feed(splitter, "12345\n1234")).containsExactly("12345");
    assertThat(feed(splitter, "5\n")).containsExactly("12345");
    assertThatThrownBy(() -> feed(splitter, "123456"))
        .isInstanceOf(IOException.class)
        .hasMessage("a line has more than 5 characters");
  }

  private static LineSplitter splitter(int limit) {
    return new LineSplitter(decoder(StandardCharsets.UTF_8, CodingErrorAction.REPORT), limit);
  }

  private static List<String> feed(LineSplitter splitter, String text) throws IOException {
    return splitter.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
