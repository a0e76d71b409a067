package dev.weft.net;

import java.time.Duration;

/**
 * How a connection is set up: how much it may hold, and how long it may be idle. Immutable; each
 * method makes a copy with one thing changed:
 *
 * <pre>{@code
 * TcpOptions.defaults().idleTimeout(Duration.ofSeconds(30)).receiveLimit(16 * 1024)
 * }</pre>
 *
 * The buffers that one connection holds inside the process are bounded by {@code receiveLimit +
 * sendLimit}, plus one receive buffer (2 to 32 KiB, it follows the size of what arrives) and one
 * written buffer. (With io_uring there is an exception: once the peer has shut its output down,
 * what is still in the kernel's receive buffer is taken in at once.) The kernel's own socket
 * buffers come on top and are the kernel's to size.
 *
 * <p>Times count whole milliseconds, rounded up, so that the shortest one is not none at all.
 *
 * @param receiveLimit bytes of buffer that are read from the socket before somebody asks for them;
 *     reading pauses at the limit and goes on when half of it is free
 * @param sendLimit bytes of buffer that are written but not yet taken by the kernel; a write that
 *     goes beyond completes only when half of it is free
 * @param idleTimeout for how long a read or a write may wait while nothing moves in either
 *     direction, before it fails with {@link java.net.SocketTimeoutException}; zero for ever, and
 *     100 years at most
 * @param lingerTimeout for how long {@link TcpStream#close} goes on in the background to send what
 *     was written before; 100 years at most
 * @param connectTimeout for how long {@link TcpStream#connect} tries; 24 days at most
 * @param backlog how many connections the kernel keeps for a listener that does not accept them yet
 * @param noDelay whether small writes are sent at once (TCP_NODELAY)
 */
public record TcpOptions(
    int receiveLimit,
    int sendLimit,
    Duration idleTimeout,
    Duration lingerTimeout,
    Duration connectTimeout,
    int backlog,
    boolean noDelay) {
  /** Longer times are cut to this, so that "for ever" does not overflow a count of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** As many milliseconds as Netty can count. */
  private static final Duration LONGEST_CONNECT = Duration.ofMillis(Integer.MAX_VALUE);

  private static final TcpOptions DEFAULTS =
      new TcpOptions(
          64 * 1024,
          64 * 1024, // Netty's high-water mark
          Duration.ZERO,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30), // Netty's
          1024,
          true);

  /** Checks the values. */
  public TcpOptions {
    atLeast("receiveLimit", receiveLimit, 1);
    atLeast("sendLimit", sendLimit, 2);
    atLeast("backlog", backlog, 1);
    notNegative("idleTimeout", idleTimeout);
    notNegative("lingerTimeout", lingerTimeout);
    notNegative("connectTimeout", connectTimeout);
    idleTimeout = millis(LONGEST, idleTimeout);
    lingerTimeout = millis(LONGEST, lingerTimeout);
    connectTimeout = millis(LONGEST_CONNECT, connectTimeout);
  }

  /** 64 KiB in each direction, no idle timeout, 10 s to linger, 30 s to connect. */
  public static TcpOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another {@link #receiveLimit()}. */
  public TcpOptions receiveLimit(int bytes) {
    return new TcpOptions(
        bytes, sendLimit, idleTimeout, lingerTimeout, connectTimeout, backlog, noDelay);
  }

  /** These options with another {@link #sendLimit()}. */
  public TcpOptions sendLimit(int bytes) {
    return new TcpOptions(
        receiveLimit, bytes, idleTimeout, lingerTimeout, connectTimeout, backlog, noDelay);
  }

  /** These options with another {@link #idleTimeout()}. */
  public TcpOptions idleTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit, sendLimit, timeout, lingerTimeout, connectTimeout, backlog, noDelay);
  }

  /** These options with another {@link #lingerTimeout()}. */
  public TcpOptions lingerTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit, sendLimit, idleTimeout, timeout, connectTimeout, backlog, noDelay);
  }

  /** These options with another {@link #connectTimeout()}. */
  public TcpOptions connectTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit, sendLimit, idleTimeout, lingerTimeout, timeout, backlog, noDelay);
  }

  /** These options with another {@link #backlog()}. */
  public TcpOptions backlog(int connections) {
    return new TcpOptions(
        receiveLimit, sendLimit, idleTimeout, lingerTimeout, connectTimeout, connections, noDelay);
  }

  /** These options with {@link #noDelay()} set or not. */
  public TcpOptions noDelay(boolean on) {
    return new TcpOptions(
        receiveLimit, sendLimit, idleTimeout, lingerTimeout, connectTimeout, backlog, on);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  /** Not above the limit, and rounded up. */
  private static Duration millis(Duration limit, Duration value) {
    return value.compareTo(limit) >= 0
        ? limit
        : Duration.ofMillis(value.plusNanos(999_999).toMillis());
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + value);
    }
  }
}
