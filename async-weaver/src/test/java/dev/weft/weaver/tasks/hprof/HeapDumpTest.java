package dev.weft.weaver.tasks.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read out of a heap dump is what this JVM had when it was dumped. */
class HeapDumpTest {
  /** What its subclass's fields stand behind. */
  static class Base {
    final byte small = 7;
    final String text;

    Base(String text) {
      this.text = text;
    }
  }

  /** Something to be found. */
  static final class Thing extends Base {
    static final Object MARK = new Object();

    final int number;
    final long large;
    final Object other;

    Thing(String text, int number, Object other) {
      super(text);
      this.number = number;
      this.large = number * 10_000_000_000L;
      this.other = other;
    }
  }

  private static final String BASE = Base.class.getName();
  private static final String THING = Thing.class.getName();
  private static final FieldName TEXT = new FieldName(BASE, "text");
  private static final FieldName SMALL = new FieldName(BASE, "small");
  private static final FieldName NUMBER = new FieldName(THING, "number");
  private static final FieldName LARGE = new FieldName(THING, "large");
  private static final FieldName OTHER = new FieldName(THING, "other");
  private static final FieldName NONE = new FieldName(THING, "none");

  @TempDir static Path root;

  private static final List<Thing> THINGS = new ArrayList<>();
  private static Path file = Path.of("");

  @BeforeAll
  static void dump() throws IOException {
    THINGS.add(new Thing("plain", 1, 42));
    THINGS.add(new Thing("not Latin: \u20ac\u4e2d", -2, THINGS.get(0)));
    THINGS.add(new Thing("", 3, 'x'));
    file = root.resolve("own.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
  }

  @AfterAll
  static void forget() {
    THINGS.clear();
  }

  private static HeapDump open() throws IOException {
    return HeapDump.open(file, type -> type.isA(BASE));
  }

  private static int thing(HeapDump dump, int number) throws IOException {
    for (int object = 0; object < dump.size(); object++) {
      if (dump.intValue(object, NUMBER) == number) {
        return object;
      }
    }
    throw new AssertionError("no thing " + number);
  }

  @Test
  void objectsAreFoundByTheirClassWithTheValuesOfTheirFields() throws IOException {
    try (HeapDump dump = open()) {
      assertThat(dump.size()).isEqualTo(THINGS.size());
      int second = thing(dump, -2);
      assertThat(dump.type(second).name()).isEqualTo(THING);
      assertThat(dump.longValue(second, LARGE)).isEqualTo(-20_000_000_000L);
      assertThat(dump.byteValue(second, SMALL)).isEqualTo(7);
      assertThat(dump.follow(second, OTHER)).isEqualTo(thing(dump, 1));
      assertThat(dump.find(dump.id(second))).isEqualTo(second);
      assertThat(dump.ownReferences(second)).containsExactly(dump.reference(second, OTHER));
    }
  }

  @Test
  void aFieldThatThereIsNotHasNoValue() throws IOException {
    try (HeapDump dump = open()) {
      assertThat(dump.reference(0, NONE)).isZero();
      assertThat(dump.follow(0, NONE)).isNegative();
      assertThat(dump.intValue(0, NONE)).isZero();
    }
  }

  @Test
  void textsAreReadWhateverTheirLetters() throws IOException {
    try (HeapDump dump = open()) {
      for (int object = 0; object < dump.size(); object++) {
        dump.want(dump.reference(object, TEXT));
        dump.want(dump.reference(object, OTHER));
      }
      dump.load();
      for (Thing thing : THINGS) {
        int object = thing(dump, thing.number);
        assertThat(dump.text(dump.reference(object, TEXT))).isEqualTo(thing.text);
      }
      assertThat(dump.describe(dump.reference(thing(dump, 1), OTHER))).isEqualTo("42");
      assertThat(dump.describe(dump.reference(thing(dump, 3), OTHER))).isEqualTo("x");
      assertThat(dump.describe(dump.reference(thing(dump, -2), OTHER))).startsWith(THING + "@");
    }
  }

  @Test
  void staticFieldsAreKnownByWhatIsInThem() throws IOException {
    try (HeapDump dump = open()) {
      HeapClass thing = dump.type(0);
      long mark = dump.staticReference(thing, "MARK");
      assertThat(mark).isNotZero();
      assertThat(dump.staticFields(Set.of(mark))).isEqualTo(Map.of(mark, THING + ".MARK"));
      assertThat(dump.staticReference(thing, "none")).isZero();
    }
  }

  @Test
  void aRunningThreadIsKnownByWhatItHasAndWhereItStands() throws IOException {
    Thing own = new Thing("of this thread", 99, "");
    Path here = root.resolve("thread.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(here.toString(), true);
    try (HeapDump dump =
        HeapDump.open(here, type -> type.isA(BASE) || type.isA(Thread.class.getName()))) {
      int thread = dump.threadThatHas(dump.id(thing(dump, own.number)));
      FieldName name = new FieldName(Thread.class.getName(), "name");
      long nameId = dump.reference(dump.find(dump.threadObject(thread)), name);
      dump.want(nameId);
      dump.load();
      assertThat(dump.text(nameId)).isEqualTo(Thread.currentThread().getName());
      assertThat(dump.stack(thread))
          .anyMatch(line -> line.contains("aRunningThreadIsKnownByWhatItHas"));
      assertThat(dump.threadAt(dump.threadObject(thread))).isEqualTo(thread);
    }
    assertThat(own.number).isEqualTo(99); // it is alive up to here
  }

  @Test
  void aCompressedOneIsReadTheSame() throws IOException {
    Path packed = root.resolve("own.hprof.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    try (HeapDump dump = HeapDump.open(packed, type -> type.isA(BASE))) {
      assertThat(dump.size()).isEqualTo(THINGS.size());
      assertThatOthersCannotReadIt();
    }
  }

  /** What it was unpacked to has all that the program had. */
  private static void assertThatOthersCannotReadIt() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    assumeTrue(temporary.getFileSystem().supportedFileAttributeViews().contains("posix"));
    try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(temporary, "weft-heap*.hprof")) {
      List<Path> all = new ArrayList<>();
      unpacked.forEach(all::add);
      assertThat(all)
          .isNotEmpty()
          .allSatisfy(
              one ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void whatIsNoHeapDumpIsRefusedWithTheReason() throws IOException {
    Path text = Files.writeString(root.resolve("text"), "JAVA, but nothing of a profile".repeat(9));
    Path empty = Files.createFile(root.resolve("empty"));
    Path android =
        Files.writeString(root.resolve("android"), "JAVA PROFILE 1.0.3\0" + "x".repeat(99));
    for (Path other : List.of(text, empty)) {
      assertThatThrownBy(() -> HeapDump.open(other, type -> true))
          .isInstanceOf(HprofException.class)
          .hasMessageContaining(other.toString())
          .hasMessageContaining("is no heap dump");
    }
    assertThatThrownBy(() -> HeapDump.open(android, type -> true)).hasMessageContaining("Android");
    assertThatThrownBy(() -> HeapDump.open(root, type -> true)).hasMessageContaining("directory");
    assertThatThrownBy(() -> HeapDump.open(root.resolve("nothing"), type -> true))
        .hasMessageContaining("there is no file");
  }
}
