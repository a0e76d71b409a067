package dev.weft.weaver.tasks.hprof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A class in a heap dump. Its fields are read when somebody first asks for one. */
public final class HeapClass {
  private static final int UNKNOWN = -2;

  /** More than any class has above it; one that has more is above itself, and the file damaged. */
  private static final int MOST_ABOVE = 1000;

  /** The class has no such field. */
  static final int NONE = -1;

  private record Field(String name, int type, int offset) {}

  private final HeapDump dump;
  private final int number;
  private final long id;
  private final String name;
  private long superId;
  private final long loaderId;
  private final long at;

  private @Nullable List<Field> own;
  private int ownBytes;

  /** By {@link FieldName#number}. */
  private int[] offsets = {};

  HeapClass(HeapDump dump, int number, long id, String name, long superId, long loaderId, long at) {
    this.dump = dump;
    this.number = number;
    this.id = id;
    this.name = name;
    this.superId = superId;
    this.loaderId = loaderId;
    this.at = at;
  }

  /** Tells it from others, from 0. */
  public int number() {
    return number;
  }

  /** Its address. */
  public long id() {
    return id;
  }

  /** Its binary name. */
  public String name() {
    return name;
  }

  /** The address of its class loader; 0 for the JVM's own. */
  public long loader() {
    return loaderId;
  }

  /** Null for that of Object, and for one that is not in the dump. */
  public @Nullable HeapClass superclass() {
    return superId == 0 ? null : dump.classAt(superId);
  }

  /** True if all its superclasses are in the dump, as far as that was read. */
  boolean isWhole() {
    HeapClass type = this;
    for (int above = 0; type != null && type.superId != 0; above++) {
      if (above == MOST_ABOVE) {
        superId = 0; // so that nobody goes round for ever
        return true;
      }
      type = type.superclass();
    }
    return type != null;
  }

  /** True if it is a class, or extends it. */
  public boolean isA(String className) {
    for (HeapClass type = this; type != null; type = type.superclass()) {
      if (type.name.equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** How many bytes into an instance's values a field is; NONE if there is no such field. */
  int offset(FieldName field) throws IOException {
    if (field.number >= offsets.length) {
      int known = offsets.length;
      offsets = Arrays.copyOf(offsets, field.number + 8);
      Arrays.fill(offsets, known, offsets.length, UNKNOWN);
    }
    int offset = offsets[field.number];
    if (offset == UNKNOWN) {
      offset = findOffset(field);
      offsets[field.number] = offset;
    }
    return offset;
  }

  private int findOffset(FieldName field) throws IOException {
    int before = 0;
    for (HeapClass type = this; type != null; type = type.superclass()) {
      List<Field> fields = type.own();
      if (type.name.equals(field.type)) {
        for (Field one : fields) {
          if (one.name.equals(field.name)) {
            return before + one.offset;
          }
        }
        return NONE;
      }
      before += type.ownBytes;
    }
    return NONE;
  }

  /** Where the fields are that this class itself declares and that refer to objects. */
  int[] ownReferences() throws IOException {
    return own().stream()
        .filter(field -> field.type == HprofType.OBJECT)
        .mapToInt(Field::offset)
        .toArray();
  }

  private List<Field> own() throws IOException {
    List<Field> known = own;
    if (known != null) {
      return known;
    }
    HprofFile file = dump.file();
    long from = behindStatics();
    int number = file.u2(from);
    from += 2;
    List<Field> fields = new ArrayList<>(number);
    int offset = 0;
    for (int i = 0; i < number; i++) {
      int type = file.u1(from + file.idSize());
      fields.add(new Field(dump.name(file.id(from)), type, offset));
      offset += HprofType.bytes(type, file.idSize());
      from += file.idSize() + 1;
    }
    ownBytes = offset;
    own = fields;
    return fields;
  }

  private long behindConstants() throws IOException {
    HprofFile file = dump.file();
    long from = at + 2;
    for (int constants = file.u2(at); constants > 0; constants--) {
      from += 3 + HprofType.bytes(file.u1(from + 2), file.idSize());
    }
    return from;
  }

  private long behindStatics() throws IOException {
    HprofFile file = dump.file();
    long from = behindConstants();
    int statics = file.u2(from);
    from += 2;
    for (; statics > 0; statics--) {
      from += file.idSize() + 1 + HprofType.bytes(file.u1(from + file.idSize()), file.idSize());
    }
    return from;
  }

  /** Where the value of a static field is in the file; 0 if there is none of that name. */
  long staticField(String field) throws IOException {
    HprofFile file = dump.file();
    long from = behindConstants();
    int statics = file.u2(from);
    from += 2;
    for (; statics > 0; statics--) {
      long value = from + file.idSize() + 1;
      if (dump.name(file.id(from)).equals(field)) {
        return value;
      }
      from = value + HprofType.bytes(file.u1(value - 1), file.idSize());
    }
    return 0;
  }

  void addStaticFields(Set<Long> objectIds, Map<Long, String> to) throws IOException {
    HprofFile file = dump.file();
    long from = behindConstants();
    int statics = file.u2(from);
    from += 2;
    for (; statics > 0; statics--) {
      int fieldType = file.u1(from + file.idSize());
      long value = from + file.idSize() + 1;
      if (fieldType == HprofType.OBJECT && objectIds.contains(file.id(value))) {
        to.putIfAbsent(file.id(value), name + "." + dump.name(file.id(from)));
      }
      from = value + HprofType.bytes(fieldType, file.idSize());
    }
  }
}
