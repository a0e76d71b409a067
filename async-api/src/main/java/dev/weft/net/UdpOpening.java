package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.poll.Backend;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A socket for datagrams that is being bound, or connected. */
final class UdpOpening extends Opening<UdpSocket> {
  private final UdpOptions options;
  private final boolean connecting;
  private final @Nullable InetSocketAddress local;

  /**
   * Set on the loop's thread before it looks whether it is cancelled; a canceller does the reverse.
   */
  private volatile @Nullable UdpSocket socket;

  private UdpOpening(UdpOptions options, boolean connecting, @Nullable InetSocketAddress local) {
    this.options = options;
    this.connecting = connecting;
    this.local = local;
  }

  /** Binds one to an address. */
  static Task<UdpSocket> bind(
      AsyncExecutor executor, CompletableFuture<InetSocketAddress> address, UdpOptions options) {
    return new UdpOpening(options, false, null).start(executor, address);
  }

  /** Connects one to an address. */
  static Task<UdpSocket> connect(
      AsyncExecutor executor,
      @Nullable InetSocketAddress local,
      CompletableFuture<InetSocketAddress> remote,
      UdpOptions options) {
    CompletableFuture<InetSocketAddress> known =
        local == null ? remote : HostName.resolved(local).thenCompose(resolved -> remote);
    return new UdpOpening(options, true, local).start(executor, known);
  }

  @Override
  void open(SocketDriver driver, InetSocketAddress address) {
    boolean ipv6 =
        (local == null ? address : local).getAddress() instanceof Inet6Address
            || address.getAddress() instanceof Inet6Address;
    DatagramChannel channel = driver.backend().newDatagramSocket(ipv6);
    UdpSocket opening =
        register(
            driver,
            channel,
            () -> setUp(driver, channel, address, ipv6),
            made -> driver.register(channel),
            (made, refused) -> {});
    socket = opening;
    if (isDone()) {
      channel.close();
      return;
    }
    ChannelFuture done;
    if (!connecting) {
      done = channel.bind(address);
    } else {
      done = local == null ? channel.connect(address) : channel.connect(address, local);
    }
    done.addListener(opened -> finish(opened, channel, opening));
  }

  private UdpSocket setUp(
      SocketDriver driver, DatagramChannel channel, InetSocketAddress address, boolean ipv6) {
    Backend backend = driver.backend();
    DatagramChannelConfig config = channel.config();
    if (options.receiveBuffer() > 0) {
      config.setReceiveBufferSize(options.receiveBuffer());
    }
    if (options.sendBuffer() > 0) {
      config.setSendBufferSize(options.sendBuffer());
    }
    if (options.broadcast()) {
      config.setBroadcast(true);
    }
    if (options.reuseAddress()) {
      config.setReuseAddress(true);
    }
    if (options.reusePort()) {
      backend.reusePort(channel);
    }
    if (options.timeToLive() > 0) {
      backend.timeToLive(channel, ipv6, options.timeToLive());
    }
    if (options.multicastTimeToLive() != 1) { // the system's
      backend.multicastTimeToLive(channel, ipv6, options.multicastTimeToLive());
    }
    if (!options.multicastLoopback()) {
      backend.multicastLoopback(channel, ipv6, false);
    }
    if (options.multicastInterface() != null) {
      config.setNetworkInterface(options.multicastInterface());
    }
    return new UdpSocket(driver, channel, address, connecting, ipv6, options);
  }

  private void finish(Future<?> opened, DatagramChannel channel, UdpSocket opening) {
    if (opened.isSuccess()) {
      opening.onOpen();
      deliver(opening);
      return;
    }
    channel.close();
    Throwable cause = opened.cause();
    completeExceptionally(
        connecting
            ? SocketErrors.connectFailed(opening.toString(), cause)
            : SocketErrors.bindFailed(opening.toString(), cause));
  }

  @Override
  protected void giveUp() {
    UdpSocket opening = socket;
    if (opening != null) {
      opening.close();
    }
  }

  @Override
  protected void discard(UdpSocket opened) {
    opened.close();
  }
}
