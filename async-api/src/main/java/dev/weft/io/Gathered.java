package dev.weft.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Output that is kept, up to a limit. */
final class Gathered {
  private final String what;
  private final int limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Gathered(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  Gathered with(ByteBuffer chunk) throws IOException {
    if (chunk.remaining() > limit - bytes.size()) {
      throw new IOException(
          what
              + " has more than "
              + limit
              + " bytes, so it was killed: raise outputLimit, or read the stream as it comes");
    }
    WholeFile.write(chunk, bytes);
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
