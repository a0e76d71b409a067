package dev.weft.net;

import java.time.Duration;

/**
 * How a connection is set up: how much it may hold, and how long it may be idle. Immutable; each
 * method makes a copy with one thing changed:
 *
 * <pre>{@code
 * TcpOptions options =
 *     TcpOptions.defaults().idleTimeout(Duration.ofSeconds(30)).receiveLimit(16 * 1024);
 * TcpListener listener = executor.blockOn(() -> TcpListener.bind("0.0.0.0", 8080, options));
 * }</pre>
 *
 * The buffers that one connection holds inside the process are bounded by {@code receiveLimit +
 * sendLimit}, plus one receive buffer (2 to 32 KiB, it follows the size of what arrives; with
 * io_uring a second one that is under way) and one written buffer; and those of all connections
 * together by the budget of their executor: see {@link Transport#driver(long)}. The kernel's own
 * socket buffers come on top and are the kernel's to size.
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
 * @param noDelay whether small writes are sent at once (TCP_NODELAY)
 * @param keepAlive whether the kernel probes a silent peer (SO_KEEPALIVE), and breaks the
 *     connection when it does not answer; after two hours by Linux's default
 * @param handshakeTimeout for how long the peer of an accepted connection may take to become
 *     welcome: until {@link TcpStream#handshakeDone} is called, after a login or a first whole
 *     request, say. A connection that is not by then is reset, however busily it sends; zero for no
 *     such phase, and 100 years at most
 */
public record TcpOptions(
    int receiveLimit,
    int sendLimit,
    Duration idleTimeout,
    Duration lingerTimeout,
    Duration connectTimeout,
    boolean noDelay,
    boolean keepAlive,
    Duration handshakeTimeout) {
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
          true,
          false,
          Duration.ZERO);

  /** Checks the values. */
  public TcpOptions {
    atLeast("receiveLimit", receiveLimit, 1);
    atLeast("sendLimit", sendLimit, 2);
    notNegative("idleTimeout", idleTimeout);
    notNegative("lingerTimeout", lingerTimeout);
    notNegative("connectTimeout", connectTimeout);
    notNegative("handshakeTimeout", handshakeTimeout);
    idleTimeout = millis(LONGEST, idleTimeout);
    lingerTimeout = millis(LONGEST, lingerTimeout);
    connectTimeout = millis(LONGEST_CONNECT, connectTimeout);
    handshakeTimeout = millis(LONGEST, handshakeTimeout);
  }

  /** 64 KiB in each direction, no idle timeout, 10 s to linger, 30 s to connect, no handshake. */
  public static TcpOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another {@link #receiveLimit()}. */
  public TcpOptions receiveLimit(int bytes) {
    return new TcpOptions(
        bytes,
        sendLimit,
        idleTimeout,
        lingerTimeout,
        connectTimeout,
        noDelay,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with another {@link #sendLimit()}. */
  public TcpOptions sendLimit(int bytes) {
    return new TcpOptions(
        receiveLimit,
        bytes,
        idleTimeout,
        lingerTimeout,
        connectTimeout,
        noDelay,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with another {@link #idleTimeout()}. */
  public TcpOptions idleTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        timeout,
        lingerTimeout,
        connectTimeout,
        noDelay,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with another {@link #lingerTimeout()}. */
  public TcpOptions lingerTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        idleTimeout,
        timeout,
        connectTimeout,
        noDelay,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with another {@link #connectTimeout()}. */
  public TcpOptions connectTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        idleTimeout,
        lingerTimeout,
        timeout,
        noDelay,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with {@link #noDelay()} set or not. */
  public TcpOptions noDelay(boolean on) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        idleTimeout,
        lingerTimeout,
        connectTimeout,
        on,
        keepAlive,
        handshakeTimeout);
  }

  /** These options with {@link #keepAlive()} set or not. */
  public TcpOptions keepAlive(boolean on) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        idleTimeout,
        lingerTimeout,
        connectTimeout,
        noDelay,
        on,
        handshakeTimeout);
  }

  /** These options with another {@link #handshakeTimeout()}. */
  public TcpOptions handshakeTimeout(Duration timeout) {
    return new TcpOptions(
        receiveLimit,
        sendLimit,
        idleTimeout,
        lingerTimeout,
        connectTimeout,
        noDelay,
        keepAlive,
        timeout);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  /** Whole milliseconds, rounded up, and no more than 100 years. */
  static Duration millis(Duration value) {
    return millis(LONGEST, value);
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
