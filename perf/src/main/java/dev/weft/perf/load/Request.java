package dev.weft.perf.load;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What a message asks of the server. In the plain protocol nothing: any bytes are echoed. In the
 * framed one each message has the size agreed on beforehand and begins with a command and a number
 * of microseconds, big-endian; the reply is the same bytes, after the work was done.
 *
 * @param kind the command
 * @param micros for how long to burn CPU
 */
public record Request(Kind kind, int micros) {
  /** Bytes of the command and its number. */
  public static final int HEADER = 5;

  /** Plain bytes, no header. */
  public static final Request ECHO = new Request(Kind.PLAIN, 0);

  /** What is to be done before the echo. */
  public enum Kind {
    /** Nothing, and there is no header either: any bytes are echoed. */
    PLAIN(-1),
    /** Nothing. */
    FRAMED(0),
    /** Burn CPU in the handler. */
    BURN(1),
    /** Burn CPU where the server's own idiom puts long work: another thread. */
    BURN_ELSEWHERE(2);

    /** How it is sent. */
    private final byte command;

    Kind(int command) {
      this.command = (byte) command;
    }
  }

  /** An echo by the framed protocol. */
  public static Request framed() {
    return new Request(Kind.FRAMED, 0);
  }

  /** A request to burn CPU in the handler. */
  public static Request burn(Duration time) {
    return new Request(Kind.BURN, Math.toIntExact(time.toNanos() / 1000));
  }

  /** A request to burn CPU on another thread. */
  public static Request burnElsewhere(Duration time) {
    return new Request(Kind.BURN_ELSEWHERE, Math.toIntExact(time.toNanos() / 1000));
  }

  /** Whether messages have a header. */
  public boolean isFramed() {
    return kind != Kind.PLAIN;
  }

  /** The header, as it is sent; empty without one. */
  byte[] header() {
    return isFramed()
        ? ByteBuffer.allocate(HEADER).put(kind.command).putInt(micros).array()
        : new byte[0];
  }

  /** In a few words, for people. */
  @Override
  public String toString() {
    return switch (kind) {
      case PLAIN -> "echo";
      case FRAMED -> "framed echo";
      case BURN -> "burn " + micros / 1e3 + " ms inline";
      case BURN_ELSEWHERE -> "burn " + micros / 1e3 + " ms on another thread";
    };
  }
}
