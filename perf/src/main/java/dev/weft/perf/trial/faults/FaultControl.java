package dev.weft.perf.trial.faults;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file by which the preloaded library is told when to begin and tells what it has done. Its
 * layout is the library's: see {@code peers/c/faults.c}.
 */
final class FaultControl implements AutoCloseable {
  private static final int BYTES = 4096;
  private static final int FIRST_RECORD = 64;
  private static final int RECORD = 32;
  private static final int NAME = 20;
  private static final int LEVEL = 20;
  private static final int COUNT = 24;

  /** Which faults occur. */
  enum Level {
    NONE(0),

    /** Those that a server must let nobody notice. */
    SILENT(1),

    /** Those too for which it may give a connection up. */
    ALL(2);

    /** The library's number. */
    final int number;

    Level(int number) {
      this.number = number;
    }
  }

  private final Path file;
  private final MappedByteBuffer page;

  private FaultControl(Path file, MappedByteBuffer page) {
    this.file = file;
    this.page = page;
  }

  static FaultControl create() throws IOException {
    Path file = Files.createTempFile("faults-", ".control");
    Files.write(file, new byte[BYTES]);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      page.order(ByteOrder.nativeOrder());
      return new FaultControl(file, page);
    }
  }

  Path file() {
    return file;
  }

  void set(Level level) {
    page.putLong(0, level.number);
  }

  /** How often each fault has occurred so far, without those that have not. */
  Map<String, Long> counts() {
    return counts(Level.SILENT);
  }

  /** How many faults have occurred that may cost a connection. */
  long breaking() {
    return counts(Level.ALL).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Of the faults that occur from a level on. */
  private Map<String, Long> counts(Level least) {
    Map<String, Long> counts = new LinkedHashMap<>();
    byte[] name = new byte[NAME];
    for (int at = FIRST_RECORD; at + RECORD <= BYTES; at += RECORD) {
      page.get(at, name);
      long count = page.getLong(at + COUNT);
      if (count > 0 && page.getInt(at + LEVEL) >= least.number) {
        counts.put(new String(name, StandardCharsets.US_ASCII).trim(), count);
      }
    }
    return counts;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
