package dev.weft.perf.load;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection: what is sent, and whether what comes back is the same.
 *
 * <p>The sending half ({@link #owe}, {@link #flush}) and the receiving half ({@link #receive})
 * share no state but {@link #sent}, so in the open loop the pacer sends while a reader receives. In
 * the closed loop the reader does both.
 */
final class Conversation {
  /** Whole messages are collected up to here before they are written. */
  private static final int WRITE_BUFFER = 1 << 16;

  /** How far ahead a wrong reply is compared with later ones, to tell a lost reply from a wrong. */
  private static final int LOOK_AHEAD = 16;

  private static final VarHandle SENT;

  static {
    try {
      SENT = MethodHandles.lookup().findVarHandle(Conversation.class, "sent", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What happens to replies. On the thread that receives. */
  interface Replies {
    /** Message number {@code index}, from 0 on, has come back whole and right. */
    void arrived(Conversation conversation, long index);
  }

  final int number;
  final SocketChannel channel;
  final boolean burns;

  private final int size;
  private final byte[] header;
  private final long streamStart;

  // The sending half.
  private final ByteBuffer out;
  private final Pattern outPattern;
  private long owed;
  private long written; // messages put into the buffer

  /** Messages that are under way to the server. By the sender opaque; read when it has ended. */
  @SuppressWarnings("unused") // through SENT
  private long sent;

  // The receiving half.
  private final Pattern inPattern;
  private long received; // bytes
  private @Nullable String failure;

  Conversation(int number, SocketChannel channel, LoadPlan plan, boolean burns, Pattern pattern) {
    this.number = number;
    this.channel = channel;
    this.burns = burns;
    this.size = plan.size();
    this.header = (burns ? plan.burn() : plan.work()).header();
    this.streamStart = 7919L * number % Pattern.RING; // 7919 is prime: a place of its own each
    this.out = ByteBuffer.allocateDirect(Math.max(size, bufferSize(plan))).limit(0);
    this.outPattern = pattern.copy();
    this.inPattern = pattern.copy();
  }

  private static int bufferSize(LoadPlan plan) {
    return (int) Math.min((long) plan.size() * plan.depth(), WRITE_BUFFER);
  }

  /** One message more is to be sent. On the thread that sends. */
  void owe() {
    owed++;
  }

  /**
   * Writes what is owed, as far as the socket takes it. On the thread that sends.
   *
   * @return whether all is written; if not, to be called again
   */
  boolean flush() throws IOException {
    while (true) {
      if (!out.hasRemaining()) {
        if (owed == 0) {
          return true;
        }
        fill();
      }
      channel.write(out);
      if (out.hasRemaining()) {
        return false;
      }
    }
  }

  private void fill() {
    out.clear();
    do {
      putMessage(written++);
      owed--;
    } while (owed > 0 && out.remaining() >= size);
    out.flip();
    SENT.setOpaque(this, written);
  }

  private void putMessage(long index) {
    out.put(header);
    long offset = streamStart + index * size + header.length;
    for (int left = size - header.length, piece; left > 0; left -= piece, offset += piece) {
      piece = Math.min(left, Pattern.PIECE);
      outPattern.put(offset, piece, out);
    }
  }

  /** Messages handed to the socket so far. From any thread, exact once the sender has stopped. */
  long sent() {
    return (long) SENT.getOpaque(this);
  }

  /** Replies that came back whole. On the thread that receives, or after it has ended. */
  long arrived() {
    return received / size;
  }

  /**
   * Takes what the socket has. On the thread that receives.
   *
   * @return whether the connection goes on; if not, {@link #failure} tells why
   */
  boolean receive(ByteBuffer buffer, Replies replies) {
    buffer.clear().limit(Math.min(buffer.capacity(), Pattern.PIECE));
    int count;
    try {
      count = channel.read(buffer);
    } catch (IOException e) {
      return fail("connection " + number + " failed after " + progress() + ": " + e.getMessage());
    }
    if (count < 0) {
      return fail("connection " + number + " was closed by the server after " + progress());
    }
    buffer.flip();
    int end = buffer.limit();
    while (buffer.position() < end) {
      int inMessage = (int) (received % size);
      int piece = Math.min(end - buffer.position(), size - inMessage);
      if (!matches(buffer, inMessage, piece)) {
        return false;
      }
      received += piece;
      if (inMessage + piece == size) {
        replies.arrived(this, received / size - 1);
      }
    }
    return true;
  }

  /** Compares the next bytes, all of one message, and moves past them. */
  private boolean matches(ByteBuffer buffer, int inMessage, int piece) {
    int at = buffer.position();
    int headerBytes = Math.max(0, Math.min(header.length - inMessage, piece));
    for (int i = 0; i < headerBytes; i++) {
      if (buffer.get(at + i) != header[inMessage + i]) {
        return wrong(inMessage + i, header[inMessage + i], buffer.get(at + i), "");
      }
    }
    int end = buffer.limit();
    buffer.position(at + headerBytes).limit(at + piece);
    int wrong = inPattern.mismatch(streamStart + received + headerBytes, buffer);
    if (wrong >= 0) {
      int index = headerBytes + wrong;
      byte expected = expected(received + index);
      return wrong(inMessage + index, expected, buffer.get(at + index), guess(buffer));
    }
    buffer.limit(end).position(at + piece);
    return true;
  }

  /** Whether these bytes belong into a later reply: then those before them are lost. */
  private String guess(ByteBuffer buffer) {
    for (int ahead = 1; ahead <= LOOK_AHEAD; ahead++) {
      if (buffer.remaining() >= Long.BYTES
          && inPattern.mismatch(
                  streamStart + received + header.length + (long) ahead * size, buffer)
              < 0) {
        return ahead == 1 ? "; a reply is missing" : "; " + ahead + " replies are missing";
      }
    }
    return "";
  }

  private byte expected(long offset) {
    ByteBuffer one = ByteBuffer.allocate(1);
    inPattern.put(streamStart + offset, 1, one);
    return one.get(0);
  }

  private boolean wrong(int inMessage, byte expected, byte actual, String guess) {
    return fail(
        String.format(
            Locale.ROOT,
            "connection %d: wrong byte in reply %d, at index %d of %d: 0x%02x instead of 0x%02x%s",
            number,
            received / size,
            inMessage,
            size,
            actual,
            expected,
            guess));
  }

  private String progress() {
    return arrived() + (received % size == 0 ? "" : " and a part") + " of " + sent() + " replies";
  }

  private boolean fail(String reason) {
    failure = reason;
    return false;
  }

  /** Marks the connection as unusable because writing to it failed. On the thread that sends. */
  String writeFailure(IOException error) {
    return "connection "
        + number
        + " takes no more after "
        + sent()
        + " messages: "
        + error.getMessage();
  }

  /** Why {@link #receive} gave up; null if it did not. */
  @Nullable String failure() {
    return failure;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // nothing more was to be had from it
    }
  }
}
