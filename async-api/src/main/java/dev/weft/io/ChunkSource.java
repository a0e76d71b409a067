package dev.weft.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a file, a buffer at a time. An interrupt ends a read of it, whatever it is. */
final class ChunkSource implements BlockingStream.Source<ByteBuffer> {
  private final SeekableByteChannel channel;
  private final int size;

  ChunkSource(Path path, int size) throws IOException {
    this.channel = Files.newByteChannel(path);
    this.size = size;
  }

  @Override
  public @Nullable List<ByteBuffer> read() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(size);
    return channel.read(chunk) < 0 ? null : List.of(chunk.flip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
