package dev.weft.weaver.tasks.hprof;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a heap dump, at any offset. In pages, of which the last used ones are kept: objects
 * that belong together mostly lie together. Not mapped into memory: a mapped file that another
 * process cuts off ends the JVM's reading with an error that has no place.
 *
 * <p>A compressed one ({@code jcmd <pid> GC.heap_dump -gz=1}) is unpacked beside the other
 * temporary files, and deleted when this is closed.
 */
final class HprofFile implements Closeable {
  /** Guessed: a hundred objects or so. */
  private static final int PAGE = 8 * 1024;

  /** A power of two; 32 MiB in all. Guessed. */
  private static final int PAGES = 4096;

  private static final String MAGIC = "JAVA PROFILE 1.0.";
  private static final int MAGIC_BYTES = 19;
  private static final int HEADER_BYTES = MAGIC_BYTES + 4 + 8;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final Path name;
  private final FileChannel channel;
  private final @Nullable Path unpacked;
  private final long length;
  private final byte[] @Nullable [] pages = new byte[PAGES][];
  private final long[] numbers = new long[PAGES];
  private int idSize;
  private long timeMillis;

  private HprofFile(Path name, Path opened, @Nullable Path unpacked) throws IOException {
    this.name = name;
    this.unpacked = unpacked;
    this.channel = FileChannel.open(opened, StandardOpenOption.READ);
    this.length = channel.size();
  }

  /**
   * Opens a heap dump and reads its header.
   *
   * @throws HprofException if it is none
   */
  static HprofFile open(Path name) throws IOException {
    if (!Files.exists(name)) {
      throw new NoSuchFileException("there is no file " + name);
    }
    if (Files.isDirectory(name)) {
      throw new HprofException(name, "is a directory; a heap dump is a file");
    }
    Path unpacked = isCompressed(name) ? unpack(name) : null;
    HprofFile file = null;
    try {
      file = new HprofFile(name, unpacked == null ? name : unpacked, unpacked);
      file.readHeader();
      return file;
    } catch (IOException | RuntimeException e) {
      if (file != null) {
        file.close();
      } else if (unpacked != null) {
        Files.deleteIfExists(unpacked);
      }
      throw e;
    }
  }

  private static boolean isCompressed(Path name) throws IOException {
    try (InputStream in = Files.newInputStream(name)) {
      return (in.read() << 8 | in.read()) == GZIP_MAGIC;
    }
  }

  private static Path unpack(Path name) throws IOException {
    Path unpacked = Files.createTempFile("weft-heap", ".hprof"); // for its owner alone to read
    unpacked.toFile().deleteOnExit(); // should the command be ended in the midst of it
    try (InputStream in =
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(name)), PAGE);
        OutputStream out = Files.newOutputStream(unpacked)) {
      in.transferTo(out);
      return unpacked;
    } catch (IOException e) {
      Files.deleteIfExists(unpacked);
      throw new IOException(
          name + ": cannot be unpacked to " + unpacked + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      Files.deleteIfExists(unpacked);
      throw e;
    }
  }

  private void readHeader() throws IOException {
    byte[] magic = new byte[(int) Math.min(length, MAGIC_BYTES)];
    for (int i = 0; i < magic.length; i++) {
      magic[i] = (byte) u1(i);
    }
    if (length < HEADER_BYTES
        || !new String(magic, StandardCharsets.ISO_8859_1).startsWith(MAGIC)
        || magic[MAGIC_BYTES - 1] != 0) {
      throw new HprofException(
          name,
          "is no heap dump: it does not begin with '"
              + MAGIC
              + "'. jcmd <pid> GC.heap_dump <file> writes one");
    }
    if (magic[MAGIC.length()] > '2') {
      throw new HprofException(
          name, "is a heap dump of Android: convert it with hprof-conv of its platform tools");
    }
    idSize = s4(MAGIC_BYTES);
    if (idSize != Integer.BYTES && idSize != Long.BYTES) {
      throw HprofException.at(name, MAGIC_BYTES, "ids of " + idSize + " bytes");
    }
    timeMillis = s8(MAGIC_BYTES + 4);
  }

  Path name() {
    return name;
  }

  long length() {
    return length;
  }

  /** 4 or 8. */
  int idSize() {
    return idSize;
  }

  /** When it was written. */
  long timeMillis() {
    return timeMillis;
  }

  /** Where the records begin. */
  long firstRecord() {
    return HEADER_BYTES;
  }

  /** Reads on from an offset into a buffer; -1 at the end. */
  int read(ByteBuffer to, long offset) throws IOException {
    return channel.read(to, offset);
  }

  // ---- anywhere

  int u1(long at) throws IOException {
    return page(at)[(int) (at & (PAGE - 1))] & 0xff;
  }

  int u2(long at) throws IOException {
    return u1(at) << 8 | u1(at + 1);
  }

  int s4(long at) throws IOException {
    int in = (int) (at & (PAGE - 1));
    if (in > PAGE - Integer.BYTES) {
      return u2(at) << 16 | u2(at + 2);
    }
    byte[] page = page(at);
    return page[in] << 24
        | (page[in + 1] & 0xff) << 16
        | (page[in + 2] & 0xff) << 8
        | (page[in + 3] & 0xff);
  }

  long u4(long at) throws IOException {
    return s4(at) & 0xffff_ffffL;
  }

  long s8(long at) throws IOException {
    return (long) s4(at) << 32 | u4(at + 4);
  }

  long id(long at) throws IOException {
    return idSize == Long.BYTES ? s8(at) : u4(at);
  }

  byte[] bytes(long at, int number) throws IOException {
    byte[] all = new byte[number];
    for (int done = 0; done < number; ) {
      int in = (int) ((at + done) & (PAGE - 1));
      int some = Math.min(number - done, PAGE - in);
      System.arraycopy(page(at + done), in, all, done, some);
      done += some;
    }
    return all;
  }

  private byte[] page(long at) throws IOException {
    long number = at / PAGE;
    int slot = (int) number & (PAGES - 1);
    byte[] page = pages[slot];
    if (page != null && numbers[slot] == number) {
      return page;
    }
    if (at < 0 || at >= length) {
      throw HprofException.at(name, length, "the file ends here, and is not whole");
    }
    byte[] read = page == null ? new byte[PAGE] : page;
    numbers[slot] = -1;
    ByteBuffer buffer = ByteBuffer.wrap(read);
    while (buffer.hasRemaining() && channel.read(buffer, number * PAGE + buffer.position()) >= 0) {
      // on
    }
    Arrays.fill(read, buffer.position(), PAGE, (byte) 0);
    pages[slot] = read;
    numbers[slot] = number;
    return read;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      if (unpacked != null) {
        Files.deleteIfExists(unpacked);
      }
    }
  }
}
