package dev.weft.net;

import dev.weft.log.LimitedLog;
import dev.weft.net.address.SocketErrors;
import java.net.InetSocketAddress;
import org.slf4j.LoggerFactory;

/**
 * What listeners and sockets for datagrams log, on the threads that run I/O. Peers can cause most
 * of it, as often as they like, so each kind of line is written once a second at most and says how
 * many were left out; and it is written by another thread.
 */
final class SocketLog {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(TcpListener.class));

  private static final LimitedLog DATAGRAMS =
      LimitedLog.of(LoggerFactory.getLogger(UdpSocket.class));

  private SocketLog() {}

  static void cannotAccept(Object listener, Throwable error) {
    LOG.warn("{}: Cannot accept for now: {}", listener, error.getMessage());
  }

  static void refused(TcpListener listener, InetSocketAddress remote, String why) {
    LOG.warn("{}: Refused a connection from {}: {}", listener, SocketErrors.format(remote), why);
  }

  static void dropped(TcpListener listener, InetSocketAddress remote, Throwable error) {
    LOG.warn("{}: Dropped a connection from {}", listener, SocketErrors.format(remote), error);
  }

  static void noMemoryForDatagram(UdpSocket socket, Throwable error) {
    DATAGRAMS.warn("{}: Discarded a datagram for want of memory: {}", socket, error.getMessage());
  }

  static void cannotReceive(UdpSocket socket, Throwable error) {
    DATAGRAMS.warn("{}: Cannot receive for now", socket, error);
  }

  static void cannotSend(UdpSocket socket, Throwable error) {
    DATAGRAMS.warn("{}: A datagram was not sent: {}", socket, error.getMessage());
  }

  static void full(TcpListener listener, String what) {
    LOG.warn("{}: Further connections wait: {}", listener, what);
  }
}
