package dev.weft.net.poll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel is asked with, and how sockets differ by that: one for each transport that can be
 * chosen. Each is a class of its own, as what one of them names need not be on the class path, and
 * has no state.
 *
 * <p>By default it is as with Netty's native transports.
 */
public abstract class Backend {
  private final String name;

  Backend(String name) {
    this.name = name;
  }

  /** The JDK's selectors. */
  public static Backend nio() {
    return NioBackend.INSTANCE;
  }

  /** Linux epoll. */
  public static Backend epoll() {
    return EpollBackend.INSTANCE;
  }

  /** Linux io_uring. */
  public static Backend ioUring() {
    return IoUringBackend.INSTANCE;
  }

  // ---- of a loop

  /**
   * Makes what a loop waits for I/O with.
   *
   * @param maxEvents how many sockets that are ready it handles at most before it goes on with
   *     other work; for epoll
   */
  public abstract IoHandlerFactory handlers(int maxEvents);

  /** Netty's class of handler, by which Netty code asks what a loop can do. */
  public abstract Class<? extends IoHandler> handlerType();

  /**
   * After how long without an event a loop whose channels are closed can take it that the kernel
   * has ended all that it did for them; 0 if closing a channel ends it at once. Guessed.
   */
  public long quietNanos() {
    return 0;
  }

  /**
   * For how long heavy connections are handled in a poll (see {@link Turns}); their tasks take
   * several times as long. Measured with 4,500 of them and NIO on two cores, p99 of another: 275 ms
   * with 1 ms (one run), 19 to 34 ms with this (three).
   */
  public long heavyNanos() {
    return TimeUnit.MICROSECONDS.toNanos(400);
  }

  // ---- of a connection

  /** A new channel for one. */
  public abstract SocketChannel newSocket();

  /** Whether it has {@link #sendNow} and {@link #receiveNow}. */
  public boolean isDirect() {
    return false;
  }

  /**
   * Sends the beginning of a buffer, as much as the kernel takes now; to an open channel with
   * nothing in its queue. The buffer stays as it is. On the loop.
   *
   * @param buf of direct memory, in one piece
   * @return how many bytes, 0 if it takes none
   * @throws IOException if the connection is broken; the channel is as it was
   */
  public int sendNow(DuplexChannel channel, ByteBuf buf) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Receives into a buffer what the kernel has, as much as there is room for; from an open channel.
   * The buffer's indices stay as they are. On the loop.
   *
   * @param buf of direct memory, in one piece
   * @return how many bytes, 0 if there are none, -1 at the end of the input
   * @throws IOException if the connection is broken; the channel is as it was
   */
  public int receiveNow(DuplexChannel channel, ByteBuf buf) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Whether reading must be stopped by force when the inbox is full: see {@link ReadRefused}. */
  public boolean readsOnAfterHangUp() {
    return false;
  }

  /**
   * Has the input end after what the kernel has received so far: it tells of that end, now or
   * later, or, if {@link #endsByNothing}, a read finds nothing. On the loop.
   */
  public void cutInput(DuplexChannel channel) {
    // On Linux a socket whose input is shut down still hands out what it has; and it wakes who
    // waits for input.
    channel.shutdownInput();
  }

  /** Whether a cut input ends when nothing is there to read; else the kernel reports its end. */
  public boolean endsByNothing() {
    return false;
  }

  /** Goes on reading what may be there, once the present round is over. On the loop. */
  public void readOn(DuplexChannel channel, Executor loop) {
    // the end of the input, which the kernel has in store, is an event of its own
  }

  /**
   * Takes in what has come after a cut input has ended, if the kernel does not see to it itself.
   */
  public void readLate(DuplexChannel channel) {}

  /**
   * Whether what was reported as the end of the input, while there is output that the kernel has
   * not taken, was a reset: the kernel has no connection any more, though this side has not ended
   * its output.
   */
  public boolean wasReset(DuplexChannel channel) {
    return false; // the error would have come in place of the end
  }

  // ---- of a listening socket

  /** A new channel for one. */
  public abstract ServerSocketChannel newServerSocket();

  /**
   * Accepts some of what the kernel has in its queue, if there is anything. With io_uring there is
   * nothing in it: an accept is always armed, unless no connection is wanted. On the loop.
   */
  public void acceptTheRest(ServerSocketChannel listener) {}

  /** Whether Netty arms accepts that nobody has asked for: see {@link AcceptGate}. */
  public boolean acceptsOnItsOwn() {
    return false;
  }

  /** Sets SO_REUSEPORT of a listener that is not bound yet. */
  public abstract void reusePort(ServerSocketChannel listener);

  // ---- of Unix domain sockets

  /** A new channel for a connection through one. */
  public abstract DuplexChannel newUnixSocket();

  /** A new channel for a listening one. */
  public abstract ServerChannel newUnixServerSocket();

  /** The address that these channels want. */
  public abstract SocketAddress unixAddress(Path path);

  // ---- of a socket for datagrams

  /**
   * A new channel for one.
   *
   * @param ipv6 for IPv6, and IPv4 by mapped addresses; else for IPv4 only
   */
  public abstract DatagramChannel newDatagramSocket(boolean ipv6);

  /** How many datagrams one system call receives at most. */
  public int receiveBatch() {
    return 1;
  }

  /**
   * Whether each receive has to be asked for. With io_uring one is always with the kernel
   * otherwise; taking it back takes a while, and Netty 4.2.18 arms no other if it is wanted again
   * meanwhile.
   */
  public boolean receivesOnDemand() {
    return false;
  }

  /** Says how long a datagram may be, before the channel is registered. */
  public void receiveSize(DatagramChannel channel, int bytes) {
    // the size of the buffer is what counts
  }

  /** Whether Netty sends datagrams without a byte; else {@link #sendEmpty} has to. */
  public boolean sendsEmpty() {
    return false;
  }

  /** Whether a connected socket can send one at all. */
  public boolean sendsEmptyToPeer() {
    return true;
  }

  /**
   * Sends a datagram without a byte, now. Netty 4.2.18 drops it, and with {@code sendmmsg} takes
   * the next one for it, which is then sent twice. If the kernel has no room, it is lost: that is
   * told in the same way as that nothing was to be sent. On the loop.
   */
  public void sendEmpty(DatagramChannel channel, InetSocketAddress recipient) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Sets SO_REUSEPORT of a socket that is not bound yet. */
  public abstract void reusePort(DatagramChannel channel);

  /** Sets IP_TTL or IPv6's hop limit. */
  public abstract void timeToLive(DatagramChannel channel, boolean ipv6, int hops);

  /** Sets the same for what is sent to groups. */
  public abstract void multicastTimeToLive(DatagramChannel channel, boolean ipv6, int hops);

  /** Sets whether what is sent to groups reaches this machine. */
  public abstract void multicastLoopback(DatagramChannel channel, boolean ipv6, boolean on);

  /** How many datagrams the kernel has dropped, as its buffer was full; -1 if it does not say. */
  public long dropped(DatagramChannel channel) {
    return -1;
  }

  /** As it is written in options: {@code io_uring}. */
  @Override
  public final String toString() {
    return name;
  }
}
