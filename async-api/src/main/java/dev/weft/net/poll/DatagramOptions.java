package dev.weft.net.poll;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Options of Linux's sockets for datagrams by their numbers (in.h, in6.h, socket.h), as Netty
 * 4.2.18 has no names for them, or one name for two: its native IP_MULTICAST_TTL sets IP_TTL.
 */
final class DatagramOptions {
  private static final int IP = 0;
  private static final int IPV6 = 41;
  private static final int SOCKET = 1;

  private static final ChannelOption<Integer> IP_TTL =
      new IntegerUnixChannelOption("IP_TTL", IP, 2);
  private static final ChannelOption<Integer> IP_MULTICAST_TTL =
      new IntegerUnixChannelOption("IP_MULTICAST_TTL", IP, 33);
  private static final ChannelOption<Integer> IP_MULTICAST_LOOP =
      new IntegerUnixChannelOption("IP_MULTICAST_LOOP", IP, 34);
  private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPV6, 16);
  private static final ChannelOption<Integer> IPV6_MULTICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", IPV6, 18);
  private static final ChannelOption<Integer> IPV6_MULTICAST_LOOP =
      new IntegerUnixChannelOption("IPV6_MULTICAST_LOOP", IPV6, 19);

  /** Of sock_diag.h: nine counts of four bytes, the last of which is that of datagrams dropped. */
  private static final ChannelOption<ByteBuffer> SO_MEMINFO =
      new RawUnixChannelOption("SO_MEMINFO", SOCKET, 55, 9 * Integer.BYTES);

  private static final int DROPS = 8 * Integer.BYTES;

  private DatagramOptions() {}

  static void timeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    channel.config().setOption(ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, hops);
  }

  static void multicastTimeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    channel.config().setOption(ipv6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL, hops);
  }

  static void multicastLoopback(DatagramChannel channel, boolean ipv6, boolean on) {
    channel.config().setOption(ipv6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP, on ? 1 : 0);
  }

  static long dropped(DatagramChannel channel) {
    try {
      ByteBuffer counts = channel.config().getOption(SO_MEMINFO);
      return Integer.toUnsignedLong(counts.order(ByteOrder.nativeOrder()).getInt(DROPS));
    } catch (ChannelException notThere) { // before Linux 4.12
      return -1;
    }
  }
}
