package dev.weft.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Guests of a chat who come, talk, listen or do not, and leave at any moment in any way. All of
 * them are one thread's.
 */
final class Guests implements AutoCloseable {
  private final InetSocketAddress address;
  private final Random random = new Random(14);
  private final @Nullable SocketChannel[] seats;
  private final ByteBuffer heard = ByteBuffer.allocateDirect(16 << 10);
  private long came;
  private long reset;
  private long said;
  private long bytes;

  Guests(int port, int seats) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.seats = new SocketChannel[seats];
  }

  /** One of them does something. */
  void step() throws IOException {
    int seat = random.nextInt(seats.length);
    SocketChannel guest = seats[seat];
    if (guest == null) {
      guest = SocketChannel.open(address);
      guest.configureBlocking(false);
      seats[seat] = guest;
      came++;
    } else if (!goesOn(guest)) {
      guest.close();
      seats[seat] = null;
    }
  }

  private boolean goesOn(SocketChannel guest) {
    try {
      switch (random.nextInt(1_000)) {
        case 0:
          return false;
        case 1:
          guest.setOption(StandardSocketOptions.SO_LINGER, 0); // closing resets it
          reset++;
          return false;
        case 2:
          guest.shutdownOutput();
          return true;
        case 3, 4, 5, 6, 7, 8, 9, 10:
          said += guest.write(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8))) / 6;
          return true;
        default:
          int read = guest.read(heard.clear());
          bytes += Math.max(read, 0);
          return read >= 0;
      }
    } catch (IOException gone) { // the chat has hung up, after a half-close
      return false;
    }
  }

  /** All leave, each in its own way. */
  @Override
  public void close() throws IOException {
    for (SocketChannel guest : seats) {
      if (guest != null) {
        goesOn(guest);
        guest.close();
      }
    }
  }

  @Override
  public String toString() {
    return String.format(
        "%,d guests came, %,d of them left by a reset; %,d lines said, %,d bytes heard",
        came, reset, said, bytes);
  }
}
