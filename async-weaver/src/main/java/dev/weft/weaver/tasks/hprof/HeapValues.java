package dev.weft.weaver.tasks.hprof;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects that something refers to that was indexed, and which are looked for in further walks:
 * Strings by one walk, and what is in them by another.
 */
final class HeapValues {
  private static final String STRING = "java.lang.String";
  private static final FieldName TEXT = new FieldName(STRING, "value");
  private static final FieldName CODER = new FieldName(STRING, "coder");

  private static final Map<String, FieldName> BOXED =
      Stream.of("Integer", "Long", "Short", "Byte", "Boolean", "Character", "Float", "Double")
          .map(simpleName -> new FieldName("java.lang." + simpleName, "value"))
          .collect(Collectors.toMap(field -> field.type, field -> field));

  /** So much of a text is shown of one that is longer: a dump may have one of a gigabyte. */
  private static final int MOST_BYTES = 1 << 16;

  private final HeapDump dump;

  private final IdIndex wanted = new IdIndex();

  /** For each that is wanted where its fields are in the file; 0 until it is found. */
  private final LongList places = new LongList();

  private final LongList types = new LongList();

  private final IdIndex arrays = new IdIndex();

  /** For each of the arrays where its elements are. */
  private final LongList elements = new LongList();

  private final LongList lengths = new LongList();
  private @Nullable Charset wide;
  private boolean isMore;

  HeapValues(HeapDump dump) {
    this.dump = dump;
  }

  void want(long id) {
    if (id != 0 && wanted.add(id) == places.size()) {
      places.add(0);
      types.add(0);
      isMore = true;
    }
  }

  void load() throws IOException {
    if (!isMore) {
      return;
    }
    isMore = false;
    HprofWalk.over(
        dump.file(),
        new HprofVisitor() {
          @Override
          public void instance(long id, long classId, long at, long bytes) {
            int number = wanted.find(id);
            if (number >= 0) {
              places.set(number, at);
              types.set(number, classId);
            }
          }
        });
    boolean any = false;
    for (int i = 0; i < wanted.size(); i++) {
      HeapClass type = dump.classAt(types.get(i));
      if (type != null && type.name().equals(STRING)) {
        any |= wantText(places.get(i), type);
      }
    }
    if (any) {
      loadTexts();
    }
  }

  private boolean wantText(long place, HeapClass type) throws IOException {
    int offset = type.offset(TEXT);
    long array = offset == HeapClass.NONE ? 0 : dump.file().id(place + offset);
    if (array == 0 || arrays.add(array) < elements.size()) {
      return false;
    }
    elements.add(0);
    lengths.add(0);
    return true;
  }

  private void loadTexts() throws IOException {
    HprofWalk.over(
        dump.file(),
        new HprofVisitor() {
          @Override
          public void primitiveArray(long id, int type, long at, int number) {
            int array = type == HprofType.BYTE ? arrays.find(id) : -1;
            if (array >= 0) {
              elements.set(array, at);
              lengths.set(array, number);
            }
          }
        });
  }

  @Nullable String text(long id) throws IOException {
    int number = id == 0 ? -1 : wanted.find(id);
    HeapClass type = number < 0 ? null : dump.classAt(types.get(number));
    return type != null && type.name().equals(STRING) ? text(places.get(number), type) : null;
  }

  private @Nullable String text(long place, HeapClass type) throws IOException {
    HprofFile file = dump.file();
    int array = arrays.find(file.id(place + type.offset(TEXT)));
    if (array < 0 || elements.get(array) == 0) {
      return null;
    }
    int coder = type.offset(CODER);
    boolean isWide = coder != HeapClass.NONE && file.u1(place + coder) == 1;
    long length = lengths.get(array);
    byte[] bytes = file.bytes(elements.get(array), (int) Math.min(length, MOST_BYTES));
    String text = new String(bytes, isWide ? wide() : StandardCharsets.ISO_8859_1);
    return length > MOST_BYTES ? text + "..." : text;
  }

  /** In the byte order of the machine that was dumped, which StringUTF16 has in a field. */
  private Charset wide() throws IOException {
    Charset known = wide;
    if (known == null) {
      known = StandardCharsets.UTF_16LE;
      for (HeapClass type : dump.classes()) {
        if (type.name().equals("java.lang.StringUTF16")
            && dump.staticInt(type, "HI_BYTE_SHIFT") != 0) {
          known = StandardCharsets.UTF_16BE;
        }
      }
      wide = known;
    }
    return known;
  }

  String describe(long id) throws IOException {
    if (id == 0) {
      return "null";
    }
    int number = wanted.find(id);
    HeapClass type = number < 0 ? null : dump.classAt(types.get(number));
    if (type == null) {
      return "an object at " + HeapDump.hex(id);
    }
    String text = type.name().equals(STRING) ? text(places.get(number), type) : null;
    if (text != null) {
      return text;
    }
    String boxed = boxed(places.get(number), type);
    return boxed != null ? boxed : type.name() + "@" + HeapDump.hex(id);
  }

  private @Nullable String boxed(long place, HeapClass type) throws IOException {
    FieldName value = BOXED.get(type.name());
    int offset = value == null ? HeapClass.NONE : type.offset(value);
    if (offset == HeapClass.NONE) {
      return null;
    }
    HprofFile file = dump.file();
    long at = place + offset;
    return switch (type.name()) {
      case "java.lang.Integer" -> Integer.toString(file.s4(at));
      case "java.lang.Long" -> Long.toString(file.s8(at));
      case "java.lang.Short" -> Short.toString((short) file.u2(at));
      case "java.lang.Byte" -> Byte.toString((byte) file.u1(at));
      case "java.lang.Boolean" -> Boolean.toString(file.u1(at) != 0);
      case "java.lang.Character" -> Character.toString((char) file.u2(at));
      case "java.lang.Float" -> Float.toString(Float.intBitsToFloat(file.s4(at)));
      case "java.lang.Double" -> Double.toString(Double.longBitsToDouble(file.s8(at)));
      default -> null;
    };
  }
}
