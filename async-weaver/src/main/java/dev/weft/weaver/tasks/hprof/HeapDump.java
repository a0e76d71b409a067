package dev.weft.weaver.tasks.hprof;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A heap dump in which one kind of objects is indexed, 30 to 37 bytes for each. They are known by
 * their numbers, from 0 in the order of the file; a reference to anything else leads nowhere, but
 * for values that were {@linkplain #want wanted} and have been {@linkplain #load looked for}: each
 * step from object to object that was not indexed costs another walk over the file.
 *
 * <pre>{@code
 * try (HeapDump dump = HeapDump.open(file, type -> type.isA("shop.Order"))) {
 *   for (int order = 0; order < dump.size(); order++) {
 *     dump.want(dump.reference(order, CUSTOMER)); // a String, say
 *   }
 *   dump.load();
 *   String first = dump.text(dump.reference(0, CUSTOMER));
 * }
 * }</pre>
 */
public final class HeapDump implements Closeable {
  private static final int MOST_NAME_BYTES = 0xffff; // the JVM's limit for a name

  private final HprofFile file;
  private final Predicate<HeapClass> interesting;

  private final IdIndex names = new IdIndex();

  /** Offset and length. */
  private final LongList nameTexts = new LongList();

  private final Map<Long, Long> nameOfClass = new HashMap<>();
  private final IdIndex classIds = new IdIndex();
  private final List<HeapClass> classes = new ArrayList<>();
  private final HeapThreads threads = new HeapThreads(this);

  private final IdIndex objects = new IdIndex();

  /** Offset of the values. */
  private final LongList places = new LongList();

  /** The number of the class. */
  private final LongList types = new LongList();

  private final HeapValues values = new HeapValues(this);

  private HeapDump(HprofFile file, Predicate<HeapClass> interesting) {
    this.file = file;
    this.interesting = interesting;
  }

  /**
   * Opens a file and indexes it.
   *
   * @param interesting of which classes the objects are indexed; asked once a class
   * @throws HprofException if it is no heap dump, or not a whole one
   */
  public static HeapDump open(Path name, Predicate<HeapClass> interesting) throws IOException {
    HprofFile file = HprofFile.open(name);
    try {
      HeapDump dump = new HeapDump(file, interesting);
      Indexing first = dump.new Indexing(true);
      HprofWalk.over(file, first);
      dump.classes.forEach(HeapClass::isWhole);
      if (first.isTooEarly) {
        HprofWalk.over(file, dump.new Indexing(false));
      }
      return dump;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private final class Indexing implements HprofVisitor {
    private final boolean first;
    private final Map<HeapClass, Boolean> choice = new HashMap<>();
    private long lastId;
    private @Nullable HeapClass lastType;
    private boolean lastChoice;

    /** An object came before its class, or before a class that its own extends. */
    boolean isTooEarly;

    Indexing(boolean first) {
      this.first = first;
    }

    @Override
    public void name(long id, long at, int bytes) {
      if (first && names.add(id) == nameTexts.size()) {
        nameTexts.add(at << 16 | Math.min(bytes, MOST_NAME_BYTES));
      }
    }

    @Override
    public void loadedClass(int serial, long classId, long nameId) {
      if (first) {
        nameOfClass.put(classId, nameId);
        threads.loadedClass(serial, classId);
      }
    }

    @Override
    public void stackFrame(long id, long at) {
      if (first) {
        threads.stackFrame(id, at);
      }
    }

    @Override
    public void stackTrace(int serial, long at, int frames) {
      if (first) {
        threads.stackTrace(serial, at, frames);
      }
    }

    @Override
    public void thread(long objectId, int threadSerial, int traceSerial) {
      if (first) {
        threads.thread(objectId, threadSerial, traceSerial);
      }
    }

    @Override
    public void local(long objectId, int threadSerial) {
      if (first) {
        threads.local(objectId, threadSerial);
      }
    }

    @Override
    public void classDump(long id, long superId, long loaderId, long at) throws IOException {
      if (first) {
        Long nameId = nameOfClass.get(id);
        String name = nameId == null ? "a class without a name" : HeapDump.this.name(nameId);
        if (classIds.add(id) == classes.size()) {
          int number = classes.size();
          classes.add(
              new HeapClass(
                  HeapDump.this, number, id, name.replace('/', '.'), superId, loaderId, at));
        }
      }
    }

    @Override
    public void instance(long id, long classId, long at, long bytes) {
      if (classId != lastId) {
        lastId = classId;
        lastType = classAt(classId);
        lastChoice = choice(lastType);
      }
      if (lastChoice && lastType != null && objects.add(id) == places.size()) {
        places.add(at);
        types.add(lastType.number());
      }
    }

    private boolean choice(@Nullable HeapClass type) {
      if (type == null) {
        isTooEarly = true;
        return false;
      }
      Boolean known = choice.get(type);
      if (known != null) {
        return known;
      }
      if (!type.isWhole()) {
        isTooEarly = true;
        return false;
      }
      boolean made = interesting.test(type);
      choice.put(type, made);
      return made;
    }
  }

  HprofFile file() {
    return file;
  }

  /** The file's name, as it was given. */
  public Path fileName() {
    return file.name();
  }

  /** When the dump was begun. */
  public Instant taken() {
    return Instant.ofEpochMilli(file.timeMillis());
  }

  /** A name by its id. */
  String name(long id) throws IOException {
    int number = names.find(id);
    if (number < 0) {
      return "a name that is missing";
    }
    long text = nameTexts.get(number);
    return new String(
        file.bytes(text >>> 16, (int) text & MOST_NAME_BYTES), StandardCharsets.UTF_8);
  }

  // ---- classes

  /** The class at an address; null if none is there. */
  public @Nullable HeapClass classAt(long id) {
    int number = id == 0 ? -1 : classIds.find(id);
    return number < 0 ? null : classes.get(number);
  }

  /** All classes, each at its number. */
  public List<HeapClass> classes() {
    return classes;
  }

  /** What a static field refers to; 0 for nothing, and if there is no such field. */
  public long staticReference(HeapClass type, String field) throws IOException {
    long at = type.staticField(field);
    return at == 0 ? 0 : file.id(at);
  }

  /** The names of static fields, {@code class.field}, by what they refer to. */
  public Map<Long, String> staticFields(Set<Long> objectIds) throws IOException {
    Map<Long, String> names = new HashMap<>();
    for (HeapClass type : classes) {
      type.addStaticFields(objectIds, names);
    }
    return names;
  }

  /** A static number of 32 bits; 0 if there is none. */
  public int staticInt(HeapClass type, String field) throws IOException {
    long at = type.staticField(field);
    return at == 0 ? 0 : file.s4(at);
  }

  // ---- the indexed objects

  /** How many there are. */
  public int size() {
    return objects.size();
  }

  /** Its address. */
  public long id(int object) {
    return objects.id(object);
  }

  /** The number of the object at an address; -1 if it is not indexed. */
  public int find(long id) {
    return id == 0 ? -1 : objects.find(id);
  }

  /** Its class. */
  public HeapClass type(int object) {
    return classes.get((int) types.get(object));
  }

  /** Where a field's value is; -1 if the class has none of that name. */
  private long place(int object, FieldName field) throws IOException {
    int offset = type(object).offset(field);
    return offset == HeapClass.NONE ? -1 : places.get(object) + offset;
  }

  /** The address in a field; 0 for null, and if there is no such field. */
  public long reference(int object, FieldName field) throws IOException {
    long at = place(object, field);
    return at < 0 ? 0 : file.id(at);
  }

  /** The number of the object that a field refers to; -1 for null, and if that is not indexed. */
  public int follow(int object, FieldName field) throws IOException {
    return find(reference(object, field));
  }

  /** A field of 32 bits; 0 if there is none. */
  public int intValue(int object, FieldName field) throws IOException {
    long at = place(object, field);
    return at < 0 ? 0 : file.s4(at);
  }

  /** A field of 64 bits; 0 if there is none. */
  public long longValue(int object, FieldName field) throws IOException {
    long at = place(object, field);
    return at < 0 ? 0 : file.s8(at);
  }

  /** A field of 8 bits, a boolean too; 0 if there is none. */
  public int byteValue(int object, FieldName field) throws IOException {
    long at = place(object, field);
    return at < 0 ? 0 : file.u1(at);
  }

  /** The addresses in those fields that the object's class itself declares. */
  public long[] ownReferences(int object) throws IOException {
    int[] offsets = type(object).ownReferences();
    long[] references = new long[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      references[i] = file.id(places.get(object) + offsets[i]);
    }
    return references;
  }

  // ---- values that are not indexed

  /** Has the object at an address looked for by {@link #load}; does nothing for 0. */
  public void want(long id) {
    values.want(id);
  }

  /** Looks for all that is wanted and was not found yet. */
  public void load() throws IOException {
    values.load();
  }

  /** The text of a String that was looked for; null if there is none at that address. */
  public @Nullable String text(long id) throws IOException {
    return values.text(id);
  }

  /** For people: a String's text, a number, or the class of anything else that was looked for. */
  public String describe(long id) throws IOException {
    return values.describe(id);
  }

  /** A number of 64 bits for people, as other tools print addresses. */
  public static String hex(long id) {
    return Long.toHexString(id);
  }

  // ---- threads

  /** The number, as the dump has it, of a thread by which a method runs that has this object. */
  public int threadThatHas(long id) {
    return threads.thatHas(id);
  }

  /** The same for the thread's own object; 0 if that is none. */
  public int threadAt(long id) {
    return threads.at(id);
  }

  /** The address of a thread's object; 0 if there is no such thread. */
  public long threadObject(int threadSerial) {
    return threads.object(threadSerial);
  }

  /** A thread's stack, the innermost method first. */
  public List<String> stack(int threadSerial) throws IOException {
    return threads.stack(threadSerial);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
