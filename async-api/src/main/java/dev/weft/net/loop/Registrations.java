package dev.weft.net.loop;

import dev.weft.net.poll.AcceptGate;
import dev.weft.net.poll.Activity;
import dev.weft.net.poll.GuardedHandle;
import dev.weft.net.poll.Turns;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * How what a loop serves is registered with the handler: guarded, and with what belongs to it. For
 * a channel Netty comes back with its handle and says nothing of the channel, so what belongs to
 * that is kept here meanwhile.
 *
 * <p>Confined to the user, as the loop is.
 */
final class Registrations {
  private final IoEventLoop loop;
  private final IoHandler handler;
  private final Turns turns;
  private final Activity activity;
  private final boolean gated;

  /** Of the listening socket that is being registered. */
  private @Nullable AcceptGate gateOfNext;

  /** Of the stream that is. */
  private Turns.@Nullable Turn turnOfNext;

  /**
   * None yet.
   *
   * @param gated whether listening sockets have to be kept from accepting
   */
  Registrations(
      IoEventLoop loop, IoHandler handler, Turns turns, Activity activity, boolean gated) {
    this.loop = loop;
    this.handler = handler;
    this.turns = turns;
    this.activity = activity;
    this.gated = gated;
  }

  /** As {@link Channel.Unsafe#register}, of a listening socket. */
  void register(Channel channel, ChannelPromise promise, AcceptGate gate) {
    gateOfNext = gate;
    try {
      channel.unsafe().register(loop, promise);
    } finally {
      gateOfNext = null;
    }
  }

  /** The same of a stream. */
  void register(Channel channel, ChannelPromise promise, Turns.Turn turn) {
    turnOfNext = turn;
    try {
      channel.unsafe().register(loop, promise);
    } finally {
      turnOfNext = null;
    }
  }

  /** What Netty asks for then, and for handles that are no channel's. */
  IoRegistration register(IoHandle handle) throws Exception {
    AcceptGate gate = gated ? gateOfNext : null;
    GuardedHandle.Setting setting = new GuardedHandle.Setting(turns, activity, gate, turnOfNext);
    IoRegistration registration = handler.register(GuardedHandle.of(handle, setting));
    return gate == null ? registration : gate.guard(registration);
  }
}
