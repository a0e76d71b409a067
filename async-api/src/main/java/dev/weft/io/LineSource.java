package dev.weft.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of what is read in bytes: as many at a time as end in one chunk. */
final class LineSource implements BlockingStream.Source<String> {
  private final BlockingStream.Source<ByteBuffer> bytes;
  private final LineSplitter splitter;
  private boolean ended;

  LineSource(BlockingStream.Source<ByteBuffer> bytes, LineSplitter splitter) {
    this.bytes = bytes;
    this.splitter = splitter;
  }

  @Override
  public @Nullable List<String> read() throws Exception {
    List<ByteBuffer> chunks = ended ? null : bytes.read();
    if (chunks == null) {
      String last = ended ? null : splitter.end();
      ended = true;
      return last == null ? null : List.of(last);
    }
    List<String> lines = new ArrayList<>();
    for (ByteBuffer chunk : chunks) {
      lines.addAll(splitter.feed(chunk));
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  @Override
  public boolean closesWhileReading() {
    return bytes.closesWhileReading();
  }
}
