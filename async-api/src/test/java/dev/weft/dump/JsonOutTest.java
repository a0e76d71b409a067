package dev.weft.dump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is written can be read again. */
class JsonOutTest {
  private static final int MOST = 40;
  private static final int TEXTS = 2000;

  @Test
  void anyTextComesBack() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < TEXTS; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(MOST);
      for (int j = 0; j < length; j++) {
        int c = random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x110000);
        text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? '"' : c);
      }
      StringBuilder json = new StringBuilder();
      new JsonOut(json).value(text.toString()).finish();
      assertThat(json.substring(0, json.length() - 1))
          .matches(written -> written.chars().noneMatch(c -> c < ' '));
      assertThat(JsonParser.parseString(json.toString()).getAsString())
          .as("seed %s, %s", seed, json)
          .isEqualTo(text.toString());
    }
  }

  @Test
  void halfACharacterIsReplaced() throws IOException {
    StringBuilder json = new StringBuilder();
    new JsonOut(json).value("a\ud83d\ude00\udc00b\ud800").finish();
    assertThat(json.toString()).isEqualTo("\"a\ud83d\ude00\ufffdb\ufffd\"\n");
  }

  @Test
  void commasStandBetween() throws IOException {
    StringBuilder json = new StringBuilder();
    JsonOut out = new JsonOut(json);
    out.begin('{').member("a", 1).name("b").begin('[').value("x").value(null).begin('[').end(']');
    out.end(']').nameOf("c\"").value(-2).end('}').finish();
    assertThat(json.toString()).isEqualTo("{\"a\":1,\"b\":[\"x\",null,[]],\"c\\\"\":-2}\n");
  }
}
