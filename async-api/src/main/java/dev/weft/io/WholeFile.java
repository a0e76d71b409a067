package dev.weft.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads and writes all of a file, on the calling thread. */
final class WholeFile {
  /** The largest array that each JVM makes. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  /** For files that do not tell their size. */
  private static final int LEAST = 4096;

  /** What is written in one call. The JDK copies that to memory of its own first. */
  private static final int PIECE = 64 * 1024;

  private WholeFile() {}

  /** Unlike {@link Files#readAllBytes}, an interrupt ends it. */
  static byte[] read(Path path) throws IOException, InterruptedException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      long size = channel.size();
      if (size > MOST) {
        throw tooLarge(path);
      }
      return read(path, channel, ByteBuffer.allocate(size == 0 ? LEAST : (int) size));
    } catch (ClosedByInterruptException interrupted) {
      InterruptedException ended = new InterruptedException("the reading of " + path);
      ended.initCause(interrupted);
      throw ended;
    }
  }

  private static byte[] read(Path path, SeekableByteChannel channel, ByteBuffer first)
      throws IOException {
    ByteBuffer bytes = first;
    ByteBuffer more = ByteBuffer.allocate(1);
    while (channel.read(bytes.hasRemaining() ? bytes : more) >= 0) {
      if (!more.hasRemaining()) { // it is longer than it said
        int room = (int) Math.min(MOST, bytes.capacity() * 2L + LEAST);
        if (room == bytes.capacity()) {
          throw tooLarge(path);
        }
        bytes = ByteBuffer.allocate(room).put(bytes.flip()).put(more.flip());
        more.clear();
      }
    }
    return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
  }

  private static IOException tooLarge(Path path) {
    return new IOException(
        path + " has more bytes than an array can hold: read it with AsyncFiles.chunks");
  }

  /** No interrupt ends it. */
  static @Nullable Void write(Path path, ByteBuffer bytes, OpenOption... options)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(path, options)) {
      write(bytes, out);
    }
    return null;
  }

  static void write(ByteBuffer bytes, OutputStream out) throws IOException {
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      return;
    }
    byte[] piece = new byte[Math.min(PIECE, bytes.remaining())];
    while (bytes.hasRemaining()) {
      int length = Math.min(piece.length, bytes.remaining());
      bytes.get(piece, 0, length);
      out.write(piece, 0, length);
    }
  }

  static ByteBuffer encode(String text, Charset charset) throws CharacterCodingException {
    return charset.newEncoder().encode(CharBuffer.wrap(text));
  }
}
