package dev.weft.net.poll;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.ServerSocketChannel;

/**
 * Keeps a listening socket from asking for connections while it is not to have any.
 *
 * <p>For io_uring alone. Netty 4.2.18 arms an accept that has failed again at once, whatever the
 * listener says meanwhile (out of descriptors, that is a loop as fast as the kernel can refuse: two
 * million log lines in 25 seconds). What is submitted while a completion is being handled, and the
 * gate is shut, is that; Netty takes a refusal for "nothing armed" and arms one when auto-read is
 * switched on again.
 *
 * <p>Confined to the loop.
 */
public final class AcceptGate {
  private final ServerChannel listener;
  private boolean shut;
  private boolean handling;

  /** Open, as long as nobody shuts it. */
  public AcceptGate(ServerChannel listener) {
    this.listener = listener;
  }

  /** The same for TCP: see {@link ChannelEnd#duplex}. */
  public AcceptGate(ServerSocketChannel listener) {
    this.listener = listener;
  }

  /**
   * Whether connections are not wanted. An accept that is armed has to be cancelled before, or that
   * is kept from the kernel, too.
   */
  public void shut(boolean on) {
    shut = on;
  }

  /** A completion is being handled. */
  void enter() {
    handling = true;
  }

  void leave() {
    handling = false;
  }

  /** What the listening socket is to be registered with. */
  public IoRegistration guard(IoRegistration registration) {
    return new Guarded(registration);
  }

  private final class Guarded extends ForwardedRegistration {
    Guarded(IoRegistration registration) {
      super(registration);
    }

    @Override
    public long submit(IoOps ops) {
      boolean refused = shut && handling && listener.isOpen(); // else it closes the descriptor
      return refused ? 0 : registration.submit(ops);
    }
  }
}
