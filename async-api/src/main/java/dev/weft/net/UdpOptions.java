package dev.weft.net;

import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link UdpSocket} is set up. Immutable; each method makes a copy with one thing changed:
 *
 * <pre>{@code
 * UdpOptions options = UdpOptions.defaults().receiveBuffer(4 << 20).reusePort(true);
 * UdpSocket socket = executor.blockOn(() -> UdpSocket.bind("0.0.0.0", 5353, options));
 * }</pre>
 *
 * What a socket holds inside the process is bounded by {@code receiveLimit + sendLimit}, plus what
 * one system call has received (up to 64 datagrams) and one datagram for each send that waits. It
 * does not count towards the budget of {@link Transport#driver(long)}. A loop that serves such
 * sockets has 1 MiB more to receive into; with io_uring it is {@code receiveSize} for each socket.
 *
 * @param receiveSize the longest datagram that is received whole; of a longer one the rest is lost
 *     and {@link Datagram#truncated} is true. 1 to {@value #LONGEST}, which is the longest there
 *     can be
 * @param receiveLimit bytes that are taken from the kernel before somebody asks for them; taking
 *     pauses at the limit and goes on when half of it is free. Meanwhile the kernel keeps what fits
 *     into its own buffer, and drops the rest
 * @param receiveDatagrams the same in datagrams: each counts for {@code receiveLimit /
 *     receiveDatagrams} bytes at least
 * @param sendLimit bytes that are to be sent but not yet taken by the kernel; a send that goes
 *     beyond completes only when half of it is free
 * @param receiveBuffer the size of the kernel's buffer for what has arrived (SO_RCVBUF); 0 for what
 *     the system says. Linux allows {@code net.core.rmem_max}, and counts its own overhead too, so
 *     that small datagrams need several times their bytes
 * @param sendBuffer the same for what is to be sent (SO_SNDBUF)
 * @param broadcast whether datagrams may be sent to broadcast addresses (SO_BROADCAST)
 * @param reuseAddress whether other sockets may be bound to the same address and port
 *     (SO_REUSEADDR), as each receiver of a multicast group needs. Of datagrams to a single
 *     address, on Linux, the socket bound last gets all
 * @param reusePort whether sockets that all have this share the port, and the kernel divides the
 *     datagrams among them by sender (SO_REUSEPORT)
 * @param timeToLive how many routers a datagram may pass (IP_TTL, or IPv6's hop limit), 1 to 255; 0
 *     for what the system says, usually 64. Not with the JDK's selectors, which have no such option
 * @param multicastTimeToLive the same for what is sent to a group: 0 to stay on this machine, 1 for
 *     the local network; at most 255
 * @param multicastLoopback whether what this socket sends to a group reaches sockets of this
 *     machine
 * @param multicastInterface by which interface it sends to groups; null for that of the system's
 *     routes
 */
public record UdpOptions(
    int receiveSize,
    int receiveLimit,
    int receiveDatagrams,
    int sendLimit,
    int receiveBuffer,
    int sendBuffer,
    boolean broadcast,
    boolean reuseAddress,
    boolean reusePort,
    int timeToLive,
    int multicastTimeToLive,
    boolean multicastLoopback,
    @Nullable NetworkInterface multicastInterface) {
  /** 65,535 less the header of UDP: what fits into an IPv6 packet, jumbograms aside. */
  public static final int LONGEST = 65_527;

  private static final UdpOptions DEFAULTS =
      new UdpOptions(
          LONGEST,
          256 * 1024, // about what Linux has in its own buffer by default
          256,
          64 * 1024, // as of a TcpStream
          0,
          0,
          false,
          false,
          false,
          0,
          1,
          true,
          null);

  /** Checks the values. */
  public UdpOptions {
    within("receiveSize", receiveSize, 1, LONGEST);
    within("receiveLimit", receiveLimit, 1, Integer.MAX_VALUE);
    within("receiveDatagrams", receiveDatagrams, 1, Integer.MAX_VALUE);
    within("sendLimit", sendLimit, 2, Integer.MAX_VALUE);
    within("receiveBuffer", receiveBuffer, 0, Integer.MAX_VALUE);
    within("sendBuffer", sendBuffer, 0, Integer.MAX_VALUE);
    within("timeToLive", timeToLive, 0, 255);
    within("multicastTimeToLive", multicastTimeToLive, 0, 255);
  }

  /**
   * Whole datagrams, at most 256 KiB and 256 of them received and 64 KiB to be sent, the system's
   * buffers, no broadcast and no port shared, groups on the local network with loopback.
   */
  public static UdpOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another {@link #receiveSize()}. */
  public UdpOptions receiveSize(int bytes) {
    return new UdpOptions(
        bytes,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #receiveLimit()}. */
  public UdpOptions receiveLimit(int bytes) {
    return new UdpOptions(
        receiveSize,
        bytes,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #receiveDatagrams()}. */
  public UdpOptions receiveDatagrams(int count) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        count,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #sendLimit()}. */
  public UdpOptions sendLimit(int bytes) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        bytes,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #receiveBuffer()}. */
  public UdpOptions receiveBuffer(int bytes) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        bytes,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #sendBuffer()}. */
  public UdpOptions sendBuffer(int bytes) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        bytes,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #broadcast()}. */
  public UdpOptions broadcast(boolean on) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        on,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #reuseAddress()}. */
  public UdpOptions reuseAddress(boolean on) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        on,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #reusePort()}. */
  public UdpOptions reusePort(boolean on) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        on,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #timeToLive()}. */
  public UdpOptions timeToLive(int hops) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        hops,
        multicastTimeToLive,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #multicastTimeToLive()}. */
  public UdpOptions multicastTimeToLive(int hops) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        hops,
        multicastLoopback,
        multicastInterface);
  }

  /** These options with another {@link #multicastLoopback()}. */
  public UdpOptions multicastLoopback(boolean on) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        on,
        multicastInterface);
  }

  /** These options with another {@link #multicastInterface()}. */
  public UdpOptions multicastInterface(@Nullable NetworkInterface device) {
    return new UdpOptions(
        receiveSize,
        receiveLimit,
        receiveDatagrams,
        sendLimit,
        receiveBuffer,
        sendBuffer,
        broadcast,
        reuseAddress,
        reusePort,
        timeToLive,
        multicastTimeToLive,
        multicastLoopback,
        device);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + " and at most " + most + ", not " + value);
    }
  }
}
