package dev.weft.net;

import java.time.Duration;

/**
 * How a listener takes connections in, and how many. Immutable; each method makes a copy with one
 * thing changed:
 *
 * <pre>{@code
 * ListenOptions limits = ListenOptions.defaults().maxConnections(10_000).maxPerAddress(100);
 * TcpListener listener = executor.blockOn(() -> TcpListener.bind("0.0.0.0", 8080, limits));
 * }</pre>
 *
 * @param connections the options of the accepted connections
 * @param backlog how many connections the kernel keeps that nobody has accepted yet; it takes less
 *     if {@code net.core.somaxconn} is less
 * @param maxConnections how many accepted connections may be open at a time. By default as many as
 *     half of the heap has room for, at 6 KiB each, which was measured with a small handler and
 *     peers that do not read; 2.5 KiB when they are idle
 * @param maxPerAddress how many of them one remote address may have; one more is refused, whatever
 *     {@code whenFull} says. By default there is no limit, as a proxy or a provider's address
 *     translation is one address
 * @param memoryLimit what the listener's connections may hold together, in bytes, within the budget
 *     of the executor: see {@link Transport#driver(long)}
 * @param whenFull what happens to a connection for which there is no place, or no memory
 * @param acceptBackOff after how long the listener tries again when the process or the system is
 *     out of descriptors or memory, if none of its connections has been closed before
 * @param reusePort whether other listeners may have the same port at the same time, in this process
 *     or another of the same user, if they all say so; the kernel distributes the connections
 *     (SO_REUSEPORT). Not everywhere there is such a thing
 */
public record ListenOptions(
    TcpOptions connections,
    int backlog,
    int maxConnections,
    int maxPerAddress,
    long memoryLimit,
    WhenFull whenFull,
    Duration acceptBackOff,
    boolean reusePort) {
  /**
   * What happens to a connection for which there is no place.
   *
   * <pre>{@code
   * // For a server behind a balancer, which is to send the client elsewhere.
   * ListenOptions limits = ListenOptions.defaults().whenFull(ListenOptions.WhenFull.REFUSE);
   * }</pre>
   */
  public enum WhenFull {
    /**
     * It waits in the kernel's queue until there is a place; when that queue is full, too, the
     * kernel lets the client try again. For clients that would only come back at once.
     */
    WAIT,

    /**
     * It is accepted and reset at once, so that the client knows and can go elsewhere: to another
     * server behind the same balancer, say.
     */
    REFUSE
  }

  /** Measured, with the echo server's handler and JDK 17. */
  private static final int CONNECTION_HEAP = 6 * 1024;

  private static final ListenOptions DEFAULTS =
      new ListenOptions(
          TcpOptions.defaults(),
          1024,
          defaultConnections(),
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          WhenFull.WAIT,
          Duration.ofSeconds(1),
          false);

  /** Checks the values. */
  public ListenOptions {
    atLeastOne("backlog", backlog);
    atLeastOne("maxConnections", maxConnections);
    atLeastOne("maxPerAddress", maxPerAddress);
    if (memoryLimit < MEMORY_LEAST) {
      throw new IllegalArgumentException(
          "memoryLimit must be at least " + MEMORY_LEAST + ", not " + memoryLimit);
    }
    if (acceptBackOff.isNegative() || acceptBackOff.isZero()) {
      throw new IllegalArgumentException(
          "acceptBackOff must be more than nothing, not " + acceptBackOff);
    }
    acceptBackOff = TcpOptions.millis(acceptBackOff);
  }

  /** What the executor's memory is given out in at least. */
  private static final long MEMORY_LEAST = 512;

  /** A place for each connection that there is heap for, and no other limit. */
  public static ListenOptions defaults() {
    return DEFAULTS;
  }

  private static int defaultConnections() {
    long most = Runtime.getRuntime().maxMemory() / 2 / CONNECTION_HEAP;
    return (int) Math.max(1, Math.min(most, Integer.MAX_VALUE));
  }

  /** These options for connections with other options. */
  public ListenOptions connections(TcpOptions options) {
    return new ListenOptions(
        options,
        backlog,
        maxConnections,
        maxPerAddress,
        memoryLimit,
        whenFull,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #backlog()}. */
  public ListenOptions backlog(int number) {
    return new ListenOptions(
        connections,
        number,
        maxConnections,
        maxPerAddress,
        memoryLimit,
        whenFull,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #maxConnections()}. */
  public ListenOptions maxConnections(int number) {
    return new ListenOptions(
        connections,
        backlog,
        number,
        maxPerAddress,
        memoryLimit,
        whenFull,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #maxPerAddress()}. */
  public ListenOptions maxPerAddress(int number) {
    return new ListenOptions(
        connections,
        backlog,
        maxConnections,
        number,
        memoryLimit,
        whenFull,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #memoryLimit()}. */
  public ListenOptions memoryLimit(long bytes) {
    return new ListenOptions(
        connections,
        backlog,
        maxConnections,
        maxPerAddress,
        bytes,
        whenFull,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #whenFull()}. */
  public ListenOptions whenFull(WhenFull then) {
    return new ListenOptions(
        connections,
        backlog,
        maxConnections,
        maxPerAddress,
        memoryLimit,
        then,
        acceptBackOff,
        reusePort);
  }

  /** These options with another {@link #acceptBackOff()}. */
  public ListenOptions acceptBackOff(Duration time) {
    return new ListenOptions(
        connections,
        backlog,
        maxConnections,
        maxPerAddress,
        memoryLimit,
        whenFull,
        time,
        reusePort);
  }

  /** These options with {@link #reusePort()} set or not. */
  public ListenOptions reusePort(boolean on) {
    return new ListenOptions(
        connections,
        backlog,
        maxConnections,
        maxPerAddress,
        memoryLimit,
        whenFull,
        acceptBackOff,
        on);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, not " + value);
    }
  }
}
