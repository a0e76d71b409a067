package dev.weft.net.poll;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.uring.IoUringIoHandle;
import org.jspecify.annotations.Nullable;

/**
 * What Netty calls with a channel's events, so that a failure in one channel is not one of the
 * others. An {@code Error} out of a handler (no more heap, say) ends the round of Netty's loop, and
 * with io_uring the completions of the round are lost with it: reads and writes that never end. So
 * nothing gets out of here; the channel is closed instead, and the peer sees it.
 *
 * <p>Each transport asks for a type of its own, and tells things in its own way. All methods run on
 * the loop's thread.
 */
@SuppressWarnings("try") // close() throws what Netty's does
public abstract class GuardedHandle implements IoHandle {
  private final IoHandle handle;

  /** Of a listening socket. */
  private final @Nullable AcceptGate gate;

  private final Turns turns;
  private final Activity activity;

  /** When something last happened. The {@link Activity}'s. */
  long lastActive = -1;

  /** Of a stream. */
  private final Turns.@Nullable Turn turn;

  private final @Nullable DirectInput input;

  GuardedHandle(IoHandle handle, Setting setting) {
    this.handle = handle;
    this.gate = setting.gate();
    this.turns = setting.turns();
    this.activity = setting.activity();
    this.turn = setting.turn();
    this.input = turn == null ? null : turn.input();
  }

  /**
   * What belongs to a handle.
   *
   * @param turns of its loop
   * @param activity of its loop
   * @param gate of a listening socket, else null
   * @param turn of a stream, else null
   */
  public record Setting(
      Turns turns, Activity activity, @Nullable AcceptGate gate, Turns.@Nullable Turn turn) {}

  /** Wraps a handle as one of the same transport; others stay as they are. */
  public static IoHandle of(IoHandle handle, Setting setting) {
    if (handle instanceof NioIoHandle nio) {
      return new GuardedNio(nio, setting);
    }
    return NativeHandles.guarded(handle, setting);
  }

  /** Not of a user's own pipeline, nor a listening socket. */
  final boolean isOfStream() {
    return turn != null;
  }

  /** Of the channel; null if it is about none. */
  final Channel.@Nullable Unsafe unsafe() {
    return handle instanceof Channel.Unsafe unsafe ? unsafe : null;
  }

  /** Whether it is about more than room for output: input, or the end of the connection. */
  abstract boolean isInput(IoEvent event);

  /** Whether it is about input that can be taken in directly, and about nothing else. */
  boolean isPlainInput(IoEvent event) {
    return false;
  }

  /** Whether its turn may come later. */
  boolean canWait(IoEvent event) {
    return true;
  }

  /** Whether it says that the connection has failed, for which nobody can be in a hurry. */
  boolean isFailure(IoEvent event) {
    return false;
  }

  /** Whether an event is told once only, so that it has to be kept. */
  boolean isToldOnce() {
    return false;
  }

  /** An event as it is when it is put off. */
  IoEvent kept(IoEvent event) {
    return event;
  }

  /**
   * Something has happened again, before it was the connection's turn.
   *
   * @param putOff what it is to be told then
   */
  void toldAgain(IoRegistration registration, Turns.Turn putOff, IoEvent event) {
    if (isToldOnce()) {
      putOff.keep(kept(event));
    }
  }

  /** Who keeps the kernel from telling the same in each poll. */
  void mutedBy(Muting muting) {}

  /** Keeps the kernel from telling the same in each poll, if that has gone on for a while. */
  interface Muting {
    /** Only what is new is to be told. Does nothing if that is so. */
    void mute();

    /** What there is is to be told again. */
    void unmute();
  }

  /** Before the channel is told. */
  void beforeTold(IoRegistration registration, IoEvent event) {}

  /** After the channel was told. */
  void afterTold(IoEvent event) {}

  /** The kernel has no more input, though the last buffer was filled. */
  final void tookAll() {
    if (turn != null) {
      turn.tookAll();
    }
  }

  /** Whether this side has shut the input down. */
  final boolean isCut() {
    return turn != null && turn.isCut();
  }

  /** What the channel is to be told; by default what Netty says. */
  IoEvent filtered(IoEvent event) {
    return event;
  }

  @Override
  public final void handle(IoRegistration registration, IoEvent event) {
    if (turn == null) {
      if (!isToldOnce() || gate == null || !turns.putOffAccepted(this, registration, kept(event))) {
        handleNow(registration, event);
      }
    } else if (!canWait(event) || !turns.putOff(turn, this, registration, event)) {
      handleNow(registration, event);
    }
  }

  /** Handles what was put off, or never was. */
  final void handleNow(IoRegistration registration, IoEvent event) {
    if (!isToldOnce() && !registration.isValid()) {
      beforeTold(registration, event);
      return; // it was closed meanwhile, or registered anew and is told of again
    }
    activity.begin(this);
    if (gate != null) {
      gate.enter();
    }
    try {
      beforeTold(registration, event);
      if (input == null || !isPlainInput(event) || !input.receive()) {
        handle.handle(registration, filtered(event));
      }
      afterTold(event);
    } catch (Throwable failure) {
      onFailure(failure);
    } finally {
      if (gate != null) {
        gate.leave();
      }
    }
  }

  private void onFailure(Throwable failure) {
    if (failure == ReadRefused.INSTANCE) {
      return; // it reads on when auto-read is switched on again
    }
    if (handle instanceof Channel.Unsafe unsafe) {
      PollLog.channelFailed(failure);
      unsafe.close(unsafe.voidPromise());
    }
  }

  @Override
  public final void registered() {
    handle.registered();
  }

  @Override
  public final void unregistered() {
    handle.unregistered();
  }

  @Override
  public final void close() throws Exception {
    handle.close();
  }

  /** Apart, as the native transports may not be on the class path. */
  private static final class NativeHandles {
    private NativeHandles() {}

    static IoHandle guarded(IoHandle handle, Setting setting) {
      try {
        if (handle instanceof EpollIoHandle epoll) {
          return new GuardedEpoll(epoll, setting);
        }
      } catch (NoClassDefFoundError notThere) {
        // so it is none of those
      }
      try {
        if (handle instanceof IoUringIoHandle ioUring) {
          return new GuardedIoUring(ioUring, setting);
        }
      } catch (NoClassDefFoundError notThere) {
        // so it is none of those
      }
      return handle;
    }
  }
}
