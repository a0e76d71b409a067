package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams, by UDP: bound to a port, where anybody may send to it and it to anybody,
 * or {@link #connect connected} to one peer, from which alone it receives. As Tokio's type of this
 * name.
 *
 * <p><b>Threads.</b> Every method may be called from any thread and none blocks. One receive may
 * wait at a time; a second one fails with {@link IllegalStateException}. Any number of sends may
 * wait, as the tasks of a server answer through one socket.
 *
 * <p><b>What is lost.</b> Datagrams that nobody receives wait here up to {@link
 * UdpOptions#receiveLimit}, then in the kernel, and when its buffer is full it drops them: see
 * {@link #counts}. A datagram to be sent is not dropped here: when the kernel's buffer is full it
 * waits. (One without a byte is dropped then, but for io_uring.) Networks drop, repeat and reorder.
 *
 * <p><b>Failures.</b> They are {@link IOException}s whose message is {@code address: reason}. What
 * sends is the loop, several datagrams in one system call, after {@link #send} has completed. What
 * the kernel says then is told later. With one peer, by the receive that waits, or else the next
 * receive or send, whichever comes first: so does the kernel itself, and so is {@link
 * java.net.PortUnreachableException} told, when the peer's system has reported that nobody listens
 * there. (A datagram that the kernel is given just then, it drops.) A socket with many peers must
 * not fail for one of them, which servers have suffered from with other systems: there it is {@link
 * #flush} that tells, {@link #counts} that counts, and a line in the log. A receive that fails for
 * another reason does not end the socket, and is tried again after 100 ms.
 *
 * <p><b>Cancellation.</b> Cancelling a receive that waits loses no datagram: the next receive gets
 * it. Cancelling a send that waits does not take its datagram back: it is sent.
 *
 * <pre>{@code
 * static CompletableFuture<Void> echoDatagrams(int port) {
 *   try (UdpSocket socket = await(UdpSocket.bind("0.0.0.0", port))) {
 *     while (true) {
 *       Datagram datagram = await(socket.receive());
 *       await(socket.send(datagram.content(), datagram.sender()));
 *     }
 *   }
 * }
 * }</pre>
 */
public final class UdpSocket implements AutoCloseable {
  /** 65,535 less the headers of IPv4 and UDP. */
  private static final int LONGEST_IPV4 = 65_507;

  private final SocketDriver driver;
  private final DatagramChannel channel;
  private final boolean ipv6;
  private final @Nullable InetSocketAddress remote;
  private final LoopReference reference;
  private final DatagramInbox inbox;
  private final DatagramIntake intake;
  private final DatagramOutbox outbox;
  private final DatagramHandler handler;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile InetSocketAddress local;

  /** Sets up a channel that is not registered yet. On the loop's thread. */
  UdpSocket(
      SocketDriver driver,
      DatagramChannel channel,
      InetSocketAddress address,
      boolean connecting,
      boolean ipv6,
      UdpOptions options) {
    this.driver = driver;
    this.channel = channel;
    this.ipv6 = ipv6;
    this.remote = connecting ? address : null;
    this.local = address;
    this.reference = LoopReference.to(driver, channel);
    this.inbox = new DatagramInbox(this, options);
    this.intake = new DatagramIntake(this, driver, channel, inbox);
    this.outbox = new DatagramOutbox(this, driver, channel);
    this.handler = DatagramHandler.install(this, driver, channel, inbox, outbox, options);
  }

  // ---- opening

  /**
   * Binds a socket to a host's address and a port, on the current executor or else the shared one.
   *
   * @param host a name or a number; {@code 0.0.0.0} for every IPv4 address, {@code ::} for every
   *     address of both kinds
   * @param port 0 for any free one: see {@link #localAddress}
   * @return the socket; fails with {@link java.net.BindException}, {@link UnknownHostException}
   */
  public static Task<UdpSocket> bind(String host, int port) {
    return bind(host, port, UdpOptions.defaults());
  }

  /** As {@link #bind(String, int)}, with options. */
  public static Task<UdpSocket> bind(String host, int port, UdpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    AsyncExecutor executor = AsyncExecutor.currentOrShared();
    return UdpOpening.bind(
        executor, HostName.resolve(executor, host, port).thenApply(found -> found.get(0)), options);
  }

  /** As {@link #bind(String, int)}, on an executor of one's own. */
  public static Task<UdpSocket> bind(
      AsyncExecutor executor, InetSocketAddress address, UdpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    return UdpOpening.bind(executor, HostName.resolved(address), options);
  }

  /**
   * Opens a socket for one peer, on the current executor or else the shared one: it sends to that
   * and receives from that only, and has any free port. No datagram is exchanged for it, so that it
   * says nothing of whether there is a peer; of a name's addresses it is the first.
   *
   * @return the socket; fails with {@link java.net.ConnectException}, as without a route to there,
   *     or {@link UnknownHostException}
   */
  public static Task<UdpSocket> connect(String host, int port) {
    return connect(host, port, UdpOptions.defaults());
  }

  /** As {@link #connect(String, int)}, with options. */
  public static Task<UdpSocket> connect(String host, int port, UdpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    AsyncExecutor executor = AsyncExecutor.currentOrShared();
    return UdpOpening.connect(
        executor,
        null,
        HostName.resolve(executor, host, port).thenApply(found -> found.get(0)),
        options);
  }

  /**
   * As {@link #connect(String, int)}, on an executor of one's own.
   *
   * @param local this side's address; null for any
   */
  public static Task<UdpSocket> connect(
      AsyncExecutor executor,
      @Nullable InetSocketAddress local,
      InetSocketAddress peer,
      UdpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    return UdpOpening.connect(executor, local, HostName.resolved(peer), options);
  }

  // ---- what an application does with it

  /**
   * Waits for the next datagram.
   *
   * @return the datagram, whose buffer now belongs to the caller, who must release it or hand it
   *     on. Fails with {@link java.net.SocketException} if the socket is closed, and with what the
   *     class's documentation says
   */
  public Task<Datagram> receive() {
    IOException told = intake.takeUntold();
    return told == null ? received() : Settled.failure(told);
  }

  /** A socket has no last datagram: its inbox ends by failures alone. */
  @SuppressWarnings("NullAway")
  private Task<Datagram> received() {
    return inbox.take();
  }

  /**
   * Sends a datagram. The buffer belongs to the socket from here on, also if that fails.
   *
   * @param content its bytes, 65,507 at most, with IPv6 65,527; none is a datagram too, which with
   *     the JDK's selectors a connected socket cannot send
   * @param recipient whom to; of a connected socket, its peer
   * @return complete when the datagram is accepted: when all that was sent and the kernel has not
   *     taken fits into {@link UdpOptions#sendLimit}. It is sent soon after, in the order of the
   *     calls. Fails with {@link java.net.SocketException} if it is too long or the socket is
   *     closed, with {@link UnknownHostException} if the recipient is not resolved, and with what
   *     the class's documentation says; it is not sent then
   */
  public Task<@Nullable Void> send(ByteBuf content, InetSocketAddress recipient) {
    Throwable refusal = refusal(content, recipient);
    if (refusal == null && remote != null) {
      refusal = intake.takeUntold();
    }
    if (refusal != null) {
      content.release();
      return Settled.failure(refusal);
    }
    return outbox.send(content, recipient);
  }

  /** As {@link #send(ByteBuf, InetSocketAddress)}, from a connected socket to its peer. */
  public Task<@Nullable Void> send(ByteBuf content) {
    if (remote == null) {
      content.release();
      return Settled.failure(
          new IllegalStateException(
              this + ": send() without a recipient; that takes a socket that is connected"));
    }
    return send(content, remote);
  }

  private @Nullable Throwable refusal(ByteBuf content, InetSocketAddress recipient) {
    InetAddress address = recipient.getAddress();
    if (address == null) {
      return new UnknownHostException(recipient.getHostString() + ": Unknown host");
    }
    if (remote != null && !remote.equals(recipient)) {
      return new IllegalStateException(
          SocketErrors.format(recipient) + ": the socket is connected to " + this);
    }
    boolean toIpv6 = address instanceof Inet6Address;
    if (toIpv6 && !ipv6) { // the native transports would send it to the last four of its bytes
      return SocketErrors.wrongFamily(SocketErrors.format(recipient), toString());
    }
    int most = toIpv6 ? UdpOptions.LONGEST : LONGEST_IPV4;
    int bytes = content.readableBytes();
    if (bytes == 0 && remote != null && !driver.backend().sendsEmptyToPeer()) {
      return SocketErrors.emptyToPeer(toString());
    }
    return bytes > most ? SocketErrors.tooLong(SocketErrors.format(recipient), bytes, most) : null;
  }

  /**
   * Waits until the kernel has all that was accepted before.
   *
   * @return fails with the first failure of a datagram that was not told yet: of a socket with many
   *     peers this is where it is told. Cancelling it takes nothing back
   */
  public Task<@Nullable Void> flush() {
    return outbox.flushed();
  }

  /**
   * Joins a multicast group: receives from now on what is sent to it and this socket's port. Every
   * receiver on the machine needs {@link UdpOptions#reuseAddress}.
   *
   * @param group a multicast address of the socket's own kind, IPv4 or IPv6
   * @param on the interface
   * @return fails with {@link java.net.SocketException}. Cancelling it does not leave the group
   * @throws IllegalArgumentException if the group is none, or of the other kind
   */
  public Task<@Nullable Void> join(InetAddress group, NetworkInterface on) {
    return membership(group, on, true);
  }

  /** Leaves a group again; {@link #close} leaves all. */
  public Task<@Nullable Void> leave(InetAddress group, NetworkInterface on) {
    return membership(group, on, false);
  }

  private Task<@Nullable Void> membership(InetAddress group, NetworkInterface on, boolean join) {
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException(group.getHostAddress() + " is no multicast address");
    }
    if (group instanceof Inet6Address != ipv6) {
      throw new IllegalArgumentException(
          group.getHostAddress()
              + " is a group of another kind than the socket "
              + this
              + ": an IPv4 group takes a socket that is bound to an IPv4 address, 0.0.0.0 say");
    }
    Task<@Nullable Void> done = new Task<>();
    InetSocketAddress address = new InetSocketAddress(group, 0);
    onLoop(done, () -> DatagramHandler.membership(channel, address, on, join, done));
    return done;
  }

  /**
   * What the socket has done up to now.
   *
   * @return fails with {@link java.net.SocketException} if the executor is closed. What the kernel
   *     has dropped is -1 once the socket is closed
   */
  public Task<UdpCounts> counts() {
    Task<UdpCounts> counts = new Task<>();
    onLoop(
        counts,
        () ->
            counts.complete(
                handler.counts(channel.isOpen() ? driver.backend().dropped(channel) : -1)));
    return counts;
  }

  private void onLoop(Task<?> outcome, Runnable action) {
    try {
      driver.execute(
          () -> {
            try {
              action.run();
            } catch (RuntimeException refused) { // a group of the other kind, by the JDK
              outcome.completeExceptionally(SocketErrors.broken(toString(), refused).get());
            }
          });
    } catch (RejectedExecutionException loopHasEnded) {
      outcome.completeExceptionally(SocketErrors.broken(toString(), loopHasEnded).get());
    }
  }

  /**
   * Has this socket keep the event loop of a {@code NodeExecutor} alive, as it does from the start.
   * Without effect on other executors, which live until they are closed. From any thread.
   */
  public UdpSocket ref() {
    reference.set(true);
    return this;
  }

  /** Lets that loop end although this socket is open. Node's {@code socket.unref()}. */
  public UdpSocket unref() {
    reference.set(false);
    return this;
  }

  /** This side's address, with the real port. */
  public InetSocketAddress localAddress() {
    return local;
  }

  /** The peer's address; null if the socket is not connected. */
  public @Nullable InetSocketAddress remoteAddress() {
    return remote;
  }

  /**
   * Closes the socket. Operations that wait fail, and what nobody has received is dropped; what was
   * accepted is still sent, in the background, for up to a second. Returns at once; does nothing
   * the second time.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Supplier<IOException> reason = () -> SocketErrors.closed(toString());
      inbox.close(reason);
      outbox.close(reason);
    }
  }

  /** The peer's address if it is connected, else its own, as {@code 127.0.0.1:8080}. */
  @Override
  public String toString() {
    return SocketErrors.format(remote == null ? local : remote);
  }

  // ---- for tests

  /** Whose thread handles its I/O. */
  EventLoop loop() {
    return channel.eventLoop();
  }

  boolean isReceiveAwaited() {
    return inbox.isAwaited();
  }

  int held() {
    return inbox.held();
  }

  boolean isHoldingBack() {
    return inbox.isFull();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  // ---- from its parts

  boolean isConnected() {
    return remote != null;
  }

  /** What it takes in. */
  DatagramIntake intake() {
    return intake;
  }

  /**
   * A receive is about to wait: what was sent before goes out, and input is wanted. But not while
   * the loop hands out a batch, and the next datagram has come already: what answers that from
   * inside the poll is sent with the rest.
   */
  void onReceiveWaiting() {
    if (driver.enter()) {
      try {
        if (!handler.isReading()) {
          driver.flushForTask(outbox);
        }
      } finally {
        driver.leave();
      }
    }
    intake.onReceiveWaiting();
  }

  /** The channel is open. On the loop's thread. */
  void onOpen() {
    local = channel.localAddress();
  }

  /** It is closed, by this side or not, for this reason if there is one. On the loop's thread. */
  void onClosed(@Nullable Throwable failure) {
    Supplier<IOException> reason = SocketErrors.broken(toString(), failure);
    outbox.end(reason);
    inbox.end(reason);
  }
}
