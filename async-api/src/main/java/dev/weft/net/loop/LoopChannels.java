package dev.weft.net.loop;

import dev.weft.net.poll.PollLog;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels of one loop, each from before it is registered until it is closed: how many there
 * are, which keep the loop alive, and which are to be closed with it.
 */
final class LoopChannels {
  private final EventLoop loop;

  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

  /** How many of them do not keep the loop alive. Confined to the user, as the loop is. */
  private int unreferenced;

  LoopChannels(EventLoop loop) {
    this.loop = loop;
  }

  /** Counts one until it is closed. From any thread. */
  void add(Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /** It was closed without having been registered; then Netty tells nobody. From any thread. */
  void remove(Channel channel) {
    channels.remove(channel);
  }

  /** From any thread. */
  int size() {
    return channels.size();
  }

  /** More or fewer do not keep the loop alive. By who is inside. */
  void unreferenced(int change) {
    unreferenced += change;
  }

  /** True if some channel keeps the loop alive. By who is inside. */
  boolean hasReferenced() {
    return channels.size() > unreferenced;
  }

  /** Begins to close each one that is served here; of others the registration will be refused. */
  void close() {
    for (Channel channel : channels) {
      if (isServedHere(channel)) {
        try {
          channel.unsafe().close(channel.unsafe().voidPromise());
        } catch (Throwable error) {
          PollLog.cannotClose(channel, error);
        }
      }
    }
  }

  /** Whether none is left that is served here. */
  boolean areClosed() {
    return channels.stream().noneMatch(this::isServedHere);
  }

  /** A channel stays counted if Netty code takes it to another loop. */
  private boolean isServedHere(Channel channel) {
    return channel.isRegistered() && channel.eventLoop() == loop;
  }
}
