package dev.weft.io;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Files} does, without blocking the thread that asks. Tokio's {@code tokio::fs}.
 *
 * <pre>{@code
 * static CompletableFuture<Long> errors(Path log) {
 *   return AsyncFiles.lines(log).filter(line -> line.contains("ERROR")).count();
 * }
 *
 * static CompletableFuture<Void> save(Path file, String text) {
 *   await(AsyncFiles.writeStringAtomically(file, text)); // readers see the old text or the new one
 *   return done();
 * }
 * }</pre>
 *
 * <h2>Threads</h2>
 *
 * Each call is made on a blocking thread of the current executor, or of the shared one ({@link
 * AsyncExecutor#spawnBlocking}): of up to 512 on a {@code WorkStealingExecutor}, of 4 on a {@code
 * NodeExecutor}. An operating system's calls for files block, whatever stands around them: Tokio
 * and Node have such threads for them too.
 *
 * <h2>Failures</h2>
 *
 * The task or stream fails with the {@link java.io.IOException} that {@link Files} throws, which
 * names the file.
 *
 * <h2>Cancellation</h2>
 *
 * <ul>
 *   <li>What has not begun is not done.
 *   <li><b>Reading</b> whole files is interrupted: the file is closed at once, and nothing has
 *       changed. (Opening one that blocks, a named pipe without a writer, is not: the JDK cannot.)
 *   <li><b>What changes something</b> and has begun runs to its end; the method that is cancelled
 *       goes on after that, and gets its outcome. So a cancelled write has written all or nothing,
 *       but for an error of the disk, and whoever goes on may use the file. In Tokio such a write
 *       also runs on, but nobody waits for it. {@link #deleteTree} alone stops halfway.
 *   <li><b>Streams</b>: who waits for an element goes on at once, and the stream may be asked
 *       again; nothing is lost.
 * </ul>
 *
 * A file or a directory that a stream reads is opened when the first element is asked for, and
 * closed at its end, at a failure, and when the stream is closed. A stream that is neither read to
 * its end nor closed keeps it open until it is garbage.
 */
public final class AsyncFiles {
  /** What a chunk is read in at a time: Tokio's and Node's are of this order. */
  private static final int CHUNK = 64 * 1024;

  /** For lines, many of which may be in a chunk. */
  private static final int LINES_CHUNK = 16 * 1024;

  private AsyncFiles() {}

  private static <T extends @Nullable Object> Task<T> blocking(Callable<T> call) {
    return AsyncExecutor.currentOrShared().spawnBlocking(call);
  }

  // ---- reading

  /**
   * Reads a whole file. One that has no size, such as those in {@code /proc}, is read to its end.
   *
   * @return its bytes; fails if they are more than an array can hold
   */
  public static Task<byte[]> readAllBytes(Path path) {
    return blocking(() -> WholeFile.read(path));
  }

  /** Reads a whole file of UTF-8. See {@link #readString(Path, Charset)}. */
  public static Task<String> readString(Path path) {
    return readString(path, StandardCharsets.UTF_8);
  }

  /**
   * Reads a whole file of characters.
   *
   * @return its text; fails with {@link java.nio.charset.CharacterCodingException} if the bytes are
   *     none in that charset
   */
  public static Task<String> readString(Path path, Charset charset) {
    return blocking(
        () -> charset.newDecoder().decode(ByteBuffer.wrap(WholeFile.read(path))).toString());
  }

  /** As {@link #chunks(Path, int)}, of 64 KiB. */
  public static AsyncStream<ByteBuffer> chunks(Path path) {
    return chunks(path, CHUNK);
  }

  /**
   * The bytes of a file, for one of any size. A chunk is read when it is asked for and not before.
   *
   * @param size how many bytes a chunk has at most, 1 or more; the last is smaller, and any may be
   * @return buffers on the heap, ready to be read, each of them the consumer's own
   */
  public static AsyncStream<ByteBuffer> chunks(Path path, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("the size must be 1 or more: " + size);
    }
    return BlockingStream.of(() -> new ChunkSource(path, size));
  }

  /** The lines of a file of UTF-8. See {@link #lines(Path, Charset)}. */
  public static AsyncStream<String> lines(Path path) {
    return lines(path, StandardCharsets.UTF_8);
  }

  /**
   * The lines of a file of any size, without their ends, which are {@code \n}, {@code \r} or {@code
   * \r\n}. They are read some at a time, when they are asked for. Fails with {@link
   * java.nio.charset.CharacterCodingException} where bytes are none in that charset, as {@link
   * Files#lines} does.
   */
  public static AsyncStream<String> lines(Path path, Charset charset) {
    return BlockingStream.of(
        () ->
            new LineSource(
                new ChunkSource(path, LINES_CHUNK),
                new LineSplitter(
                    charset
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT),
                    Integer.MAX_VALUE)));
  }

  // ---- writing

  /**
   * Writes a whole file; see {@link Files#write(Path, byte[], OpenOption...)}, also for the
   * options: without one it is made, or emptied first.
   *
   * @param bytes not to be changed until the task has ended
   */
  public static Task<@Nullable Void> write(Path path, byte[] bytes, OpenOption... options) {
    return write(path, ByteBuffer.wrap(bytes), options);
  }

  /**
   * As {@link #write(Path, byte[], OpenOption...)}.
   *
   * @param bytes what remains in it; its position stays. Its contents are not to be changed until
   *     the task has ended
   */
  public static Task<@Nullable Void> write(Path path, ByteBuffer bytes, OpenOption... options) {
    ByteBuffer own = bytes.duplicate();
    return blocking(() -> WholeFile.write(path, own, options));
  }

  /**
   * Writes a whole file of UTF-8. See {@link #writeString(Path, CharSequence, Charset,
   * OpenOption...)}.
   */
  public static Task<@Nullable Void> writeString(
      Path path, CharSequence text, OpenOption... options) {
    return writeString(path, text, StandardCharsets.UTF_8, options);
  }

  /**
   * Writes a whole file of characters. Fails with {@link
   * java.nio.charset.CharacterCodingException}, and writes nothing, if the charset has not got one.
   */
  public static Task<@Nullable Void> writeString(
      Path path, CharSequence text, Charset charset, OpenOption... options) {
    String own = text.toString();
    return blocking(() -> WholeFile.write(path, WholeFile.encode(own, charset), options));
  }

  /**
   * Writes a whole file so that whoever opens it, at any time, finds all of the old bytes or all of
   * the new ones, also if the program or the machine dies: they go to a new file beside it, which
   * is forced to the disk and then moved into its place. A failure leaves the old one, and no other
   * file. The permissions of the old file are kept where there are POSIX ones; its owner is the
   * writer then. A symbolic link stays one, and what it points to is replaced. Of two who do this
   * at once, the last to move wins.
   *
   * @param bytes not to be changed until the task has ended
   * @return fails with {@link java.nio.file.AtomicMoveNotSupportedException} if the file system
   *     cannot do it
   */
  public static Task<@Nullable Void> writeAtomically(Path path, byte[] bytes) {
    return blocking(() -> AtomicWrite.run(path, ByteBuffer.wrap(bytes)));
  }

  /** As {@link #writeAtomically}, for text, in UTF-8. */
  public static Task<@Nullable Void> writeStringAtomically(Path path, CharSequence text) {
    String own = text.toString();
    return blocking(() -> AtomicWrite.run(path, WholeFile.encode(own, StandardCharsets.UTF_8)));
  }

  // ---- what there is

  /**
   * True if there is such a file or directory; links are followed. Fails if it cannot be told, for
   * want of permission for example, where {@link Files#exists} says false. Tokio's {@code
   * try_exists}.
   */
  public static Task<Boolean> exists(Path path) {
    return blocking(
        () -> {
          try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
          } catch (NoSuchFileException no) {
            return false;
          }
        });
  }

  /** The size of a file in bytes. */
  public static Task<Long> size(Path path) {
    return blocking(() -> Files.size(path));
  }

  /** What a file is, how large, and from when. Tokio's {@code metadata}. */
  public static Task<BasicFileAttributes> attributes(Path path, LinkOption... options) {
    return attributes(path, BasicFileAttributes.class, options);
  }

  /** As {@link #attributes(Path, LinkOption...)}, of a type such as {@code PosixFileAttributes}. */
  public static <A extends BasicFileAttributes> Task<A> attributes(
      Path path, Class<A> type, LinkOption... options) {
    return blocking(() -> Files.readAttributes(path, type, options));
  }

  // ---- changing it

  /** Copies a file, or makes an empty directory like another: {@link Files#copy}. */
  public static Task<Path> copy(Path from, Path to, CopyOption... options) {
    return blocking(() -> Files.copy(from, to, options));
  }

  /** Moves or renames: {@link Files#move}. */
  public static Task<Path> move(Path from, Path to, CopyOption... options) {
    return blocking(() -> Files.move(from, to, options));
  }

  /** Deletes a file or an empty directory. */
  public static Task<@Nullable Void> delete(Path path) {
    return blocking(
        () -> {
          Files.delete(path);
          return null;
        });
  }

  /** As {@link #delete}; false if there was nothing. */
  public static Task<Boolean> deleteIfExists(Path path) {
    return blocking(() -> Files.deleteIfExists(path));
  }

  /**
   * Deletes a file, or a directory with all that is in it; a link itself, and not what it points
   * to. What is gone already is no failure. Tokio's {@code remove_dir_all}. Cancelling it stops it:
   * the rest stays.
   */
  public static Task<@Nullable Void> deleteTree(Path path) {
    return blocking(() -> TreeDeletion.run(path));
  }

  /** Makes a directory. */
  public static Task<Path> createDirectory(Path path, FileAttribute<?>... attributes) {
    return blocking(() -> Files.createDirectory(path, attributes));
  }

  /** Makes a directory and those above it, so far as they are not there. */
  public static Task<Path> createDirectories(Path path, FileAttribute<?>... attributes) {
    return blocking(() -> Files.createDirectories(path, attributes));
  }

  /** Makes a new, empty file in the directory for such files: {@link Files#createTempFile}. */
  public static Task<Path> createTempFile(
      @Nullable String prefix, @Nullable String suffix, FileAttribute<?>... attributes) {
    return blocking(() -> Files.createTempFile(prefix, suffix, attributes));
  }

  /** Makes a new directory in the directory for such: {@link Files#createTempDirectory}. */
  public static Task<Path> createTempDirectory(
      @Nullable String prefix, FileAttribute<?>... attributes) {
    return blocking(() -> Files.createTempDirectory(prefix, attributes));
  }

  // ---- directories

  /**
   * What is in a directory, in no order. Entries come some at a time, so a directory of any size
   * takes little memory; one that is made or deleted meanwhile may be in it or not.
   *
   * @return the directory's path with the name of each entry
   */
  public static AsyncStream<Path> list(Path directory) {
    return BlockingStream.of(() -> new TreeSource(directory, 1));
  }

  /** What is in a directory and in all that are below it. See {@link #walk(Path, int)}. */
  public static AsyncStream<Path> walk(Path directory) {
    return walk(directory, Integer.MAX_VALUE);
  }

  /**
   * What is in a directory and in those below it: each directory before what is in it, otherwise in
   * no order, and without the first directory itself. Links are not followed. Directories that
   * vanish meanwhile are passed over, where {@link Files#walk} fails; one that may not be read
   * fails the stream.
   *
   * @param depth how many levels, 1 or more; 1 is {@link #list}. One directory is open for each
   *     level that the walk is in
   */
  public static AsyncStream<Path> walk(Path directory, int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("the depth must be 1 or more: " + depth);
    }
    return BlockingStream.of(() -> new TreeSource(directory, depth));
  }

  /**
   * Watches a directory: what is made, changed and deleted in it, and not in those below it.
   *
   * <p>What changes after the task has ended comes out of the stream; so watch first and then list,
   * and nothing is missed between. Up to 1024 changes wait for a slow consumer. Where more come, or
   * the operating system has lost some, it is told: {@link FileChange.Kind#OVERFLOW}. The stream
   * ends if the directory itself is deleted. Close it: until then it is watched.
   *
   * <p>All watches of a file system share one {@link java.nio.file.WatchService} and one thread,
   * which end with the last of them; none holds a thread of the pool. One write may come as several
   * changes, and where the operating system does not tell (on macOS) they come some seconds late.
   */
  public static Task<AsyncStream<FileChange>> watch(Path directory) {
    return FileWatches.watch(AsyncExecutor.currentOrShared(), directory);
  }
}
