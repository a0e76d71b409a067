package dev.weft.weaver.tasks.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dump that was cut off, or in which bytes are others than were written, is read as far as it
 * makes sense or refused with the place: nothing is thrown but that, and nothing goes on for ever.
 */
class DamagedDumpTest {
  private static final FieldName FIELD = new FieldName("shop.Order", "text");

  @TempDir Path root;

  /** Two classes, an object with a String, and the String, with ids of so many bytes. */
  private static byte[] small(int idSize) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII));
      out.writeInt(idSize);
      out.writeLong(1_000_000);
      String[] names = {
        "java/lang/Object", "shop/Order", "java/lang/String", "text", "value", "coder"
      };
      for (int i = 0; i < names.length; i++) {
        record(out, 1, concat(id(idSize, i + 1), names[i].getBytes(StandardCharsets.UTF_8)));
      }
      for (int i = 1; i <= 3; i++) {
        record(out, 2, concat(u4(i), id(idSize, 100 + i), u4(0), id(idSize, i)));
      }
      byte[] heap =
          concat(
              classDump(idSize, 101, 0),
              classDump(idSize, 102, 101, id(idSize, 4), new byte[] {2}),
              classDump(
                  idSize, 103, 101, id(idSize, 5), new byte[] {2}, id(idSize, 6), new byte[] {8}),
              instance(idSize, 201, 102, id(idSize, 202)),
              instance(idSize, 202, 103, concat(id(idSize, 203), new byte[] {0})),
              concat(
                  new byte[] {0x23}, id(idSize, 203), u4(0), u4(3), new byte[] {8, 't', 'e', 'a'}));
      record(out, 0x1c, heap);
      record(out, 0x2c, new byte[0]);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  private static void record(DataOutputStream out, int tag, byte[] body) throws IOException {
    out.writeByte(tag);
    out.writeInt(0);
    out.writeInt(body.length);
    out.write(body);
  }

  private static byte[] classDump(int idSize, int id, int superId, byte[]... fields) {
    byte[] six = new byte[5 * idSize + 4]; // loader and so on, all null, and the size
    return concat(
        new byte[] {0x20},
        id(idSize, id),
        u4(0),
        id(idSize, superId),
        six,
        new byte[] {0, 0, 0, 0, 0, (byte) (fields.length / 2)},
        concat(fields));
  }

  private static byte[] instance(int idSize, int id, int type, byte[] fields) {
    return concat(
        new byte[] {0x21}, id(idSize, id), u4(0), id(idSize, type), u4(fields.length), fields);
  }

  private static byte[] id(int idSize, int id) {
    return idSize == 4 ? u4(id) : concat(u4(0), u4(id));
  }

  private static byte[] u4(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** All that can be asked of it; the text of the one object. */
  private String read(byte[] bytes) throws IOException {
    Path file = Files.write(root.resolve("dump.hprof"), bytes);
    StringBuilder seen = new StringBuilder();
    try (HeapDump dump = HeapDump.open(file, type -> type.isA("shop.Order"))) {
      for (int object = 0; object < dump.size(); object++) {
        dump.want(dump.reference(object, FIELD));
        dump.ownReferences(object);
      }
      dump.load();
      for (int object = 0; object < dump.size(); object++) {
        seen.append(dump.text(dump.reference(object, FIELD)));
        dump.describe(dump.reference(object, FIELD));
      }
      for (HeapClass type : dump.classes()) {
        dump.staticReference(type, "none");
      }
      dump.stack(1);
    }
    return seen.toString();
  }

  @Test
  void idsOfBothSizesAreRead() throws IOException {
    assertThat(read(small(8))).isEqualTo("tea");
    assertThat(read(small(4))).isEqualTo("tea");
  }

  @Test
  void aRecordMayStandBeforeTheClassesThatItNeeds() throws IOException {
    byte[] whole = small(8);
    int heap = whole.length - 9; // behind it there is the record that ends it
    byte[] segment = whole;
    for (int at = 0; at < whole.length - 1; at++) {
      if (whole[at] == 0x21 && whole[at + 8] == (byte) 201) { // the object, moved to the front
        int size = 1 + 8 + 4 + 8 + 4 + 8;
        byte[] object = Arrays.copyOfRange(whole, at, at + size);
        byte[] without =
            concat(Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, at + size, whole.length));
        int length = heap - size;
        int body = bodyOfSegment(without);
        segment =
            concat(
                Arrays.copyOf(without, body),
                object,
                Arrays.copyOfRange(without, body, length),
                Arrays.copyOfRange(without, length, without.length));
        break;
      }
    }
    assertThat(segment).hasSameSizeAs(whole).isNotEqualTo(whole);
    assertThat(read(segment)).isEqualTo("tea");
  }

  private static int bodyOfSegment(byte[] dump) {
    int at = 31;
    while (dump[at] != 0x1c) {
      int length = (dump[at + 7] & 0xff) << 8 | (dump[at + 8] & 0xff);
      at += 9 + length;
    }
    return at + 9;
  }

  @Test
  void oneThatEndsEarlyIsRefusedWithThePlace() throws IOException {
    byte[] whole = small(8);
    for (int length = 0; length < whole.length - 9; length++) { // 9: the record that ends it
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut at %d", length)
          .isInstanceOf(HprofException.class)
          .hasMessageContaining("dump.hprof")
          .hasMessageMatching("(?s).*(offset \\d+|is no heap dump|has no objects).*");
    }
  }

  @Test
  void oneWithOtherBytesThrowsNothingElse() throws IOException {
    byte[] whole = small(8);
    for (int at = 0; at < whole.length; at++) {
      for (int value : new int[] {0, 0x80, 0xff, whole[at] ^ 1}) {
        readDamaged(whole, at, (byte) value);
      }
    }
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = whole.clone();
      for (int change = 0; change < 4; change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      readDamaged(damaged, 0, damaged[0]);
    }
  }

  private void readDamaged(byte[] whole, int at, byte value) {
    byte[] damaged = whole.clone();
    damaged[at] = value;
    try {
      read(damaged);
    } catch (IOException told) {
      assertThat(told).hasMessageContaining("dump.hprof");
    }
  }

  @Test
  void aClassThatIsAboveItselfEndsNobodysSearch() throws IOException {
    byte[] whole = small(8);
    byte[] pattern = concat(id(8, 102), u4(0), id(8, 101));
    for (int at = 0; at < whole.length - pattern.length; at++) {
      if (Arrays.equals(Arrays.copyOfRange(whole, at, at + pattern.length), pattern)) {
        whole[at + pattern.length - 1] = 102;
      }
    }
    assertThat(read(whole)).isEqualTo("tea");
  }
}
