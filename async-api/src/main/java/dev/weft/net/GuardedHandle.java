package dev.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What Netty calls with a channel's events, so that a failure in one channel is not one of the
 * others. An {@code Error} out of a handler (no more heap, say) ends the round of Netty's loop, and
 * with io_uring the completions of the round are lost with it: reads and writes that never end. So
 * nothing gets out of here; the channel is closed instead, and the peer sees it.
 *
 * <p>Each transport asks for a type of its own. All methods run on the loop's thread.
 */
@SuppressWarnings("try") // close() throws what Netty's does
abstract class GuardedHandle implements IoHandle {
  private final IoHandle handle;

  /** Of a listening socket. */
  private final @Nullable AcceptGate gate;

  private final Turns turns;

  /** Of a stream. */
  private final Turns.@Nullable Turn turn;

  private GuardedHandle(IoHandle handle, Setting setting) {
    this.handle = handle;
    this.gate = setting.gate;
    this.turns = setting.turns;
    this.turn = setting.turn;
  }

  /**
   * What belongs to a handle.
   *
   * @param turns of its loop
   * @param gate of a listening socket, else null
   * @param turn of a stream, else null
   */
  record Setting(Turns turns, @Nullable AcceptGate gate, Turns.@Nullable Turn turn) {}

  /** Wraps a handle as one of the same transport; others stay as they are. */
  static IoHandle of(IoHandle handle, Setting setting) {
    if (handle instanceof NioIoHandle nio) {
      return new OfNio(nio, setting);
    }
    return NativeHandles.guarded(handle, setting);
  }

  /** Not of a user's own pipeline, nor a listening socket. */
  final boolean isOfStream() {
    return turn != null;
  }

  /** Of the channel. */
  final Channel.Unsafe unsafe() {
    return (Channel.Unsafe) handle;
  }

  /** Whether it is about more than room for output: input, or the end of the connection. */
  abstract boolean isInput(IoEvent event);

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
  void toldAgain(IoRegistration registration, Queue<IoEvent> putOff, IoEvent event) {
    if (isToldOnce()) {
      putOff.add(kept(event));
    }
  }

  /** Who keeps the kernel from telling the same in each poll. */
  void mutedBy(Muting muting) {}

  /** Keeps the kernel from telling the same in each poll. */
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
    if (gate != null) {
      gate.enter();
    }
    try {
      beforeTold(registration, event);
      handle.handle(registration, filtered(event));
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
    if (failure == ReceiveBuffers.Full.INSTANCE) {
      return; // it reads on when auto-read is switched on again
    }
    if (handle instanceof Channel.Unsafe unsafe) {
      SocketLog.channelFailed(failure);
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

  @SuppressWarnings("try")
  private static final class OfNio extends GuardedHandle implements NioIoHandle {
    private final NioIoHandle nio;

    /** Whether the selector is not asked about what has been told and is put off. */
    private boolean muted;

    OfNio(NioIoHandle nio, Setting setting) {
      super(nio, setting);
      this.nio = nio;
    }

    /**
     * The selector tells of an end as of whatever it was asked about, so that room for output may
     * be one: closing thousands takes a while, too.
     */
    @Override
    boolean isInput(IoEvent event) {
      return true;
    }

    /**
     * The selector would find it ready in each poll until its turn comes, at 1 us each. So it is
     * not asked about what it has told twice; one event says both then.
     */
    @Override
    void toldAgain(IoRegistration registration, Queue<IoEvent> putOff, IoEvent event) {
      int ops = ((NioIoEvent) event).ops().value();
      if (putOff.remove() instanceof NioIoEvent earlier) {
        putOff.add(new Told(NioIoOps.valueOf(earlier.ops().value() | ops)));
      }
      registration.submit(NioIoOps.valueOf(interest(registration) & ~ops));
      muted = true;
    }

    /**
     * The channel expects to be asked about input until it says otherwise, which it does whenever
     * it has read. For output it asks by itself, as often as the kernel has not taken all.
     */
    @Override
    void beforeTold(IoRegistration registration, IoEvent event) {
      if (muted) {
        muted = false;
        boolean read = ((NioIoEvent) event).ops().contains(NioIoOps.READ);
        if (read && registration.isValid()) {
          int ops = interest(registration) | NioIoOps.READ.value();
          registration.submit(NioIoOps.valueOf(ops));
        }
      }
    }

    private static int interest(IoRegistration registration) {
      SelectionKey key = registration.attachment();
      return key.interestOps();
    }

    /** What has been told, in one. */
    private record Told(NioIoOps ops) implements NioIoEvent {}

    @Override
    public SelectableChannel selectableChannel() {
      return nio.selectableChannel();
    }
  }

  /** Apart, as the native transports may not be on the class path. */
  private static final class NativeHandles {
    private NativeHandles() {}

    static IoHandle guarded(IoHandle handle, Setting setting) {
      try {
        if (handle instanceof EpollIoHandle epoll) {
          return new OfEpoll(epoll, setting);
        }
      } catch (NoClassDefFoundError notThere) {
        // so it is none of those
      }
      try {
        if (handle instanceof IoUringIoHandle ioUring) {
          return new OfIoUring(ioUring, setting);
        }
      } catch (NoClassDefFoundError notThere) {
        // so it is none of those
      }
      return handle;
    }
  }

  @SuppressWarnings("try")
  private static final class OfEpoll extends GuardedHandle implements EpollIoHandle {
    private final EpollIoHandle epoll;
    private @Nullable Muting muting;

    OfEpoll(EpollIoHandle epoll, Setting setting) {
      super(epoll, setting);
      this.epoll = epoll;
    }

    @Override
    boolean isInput(IoEvent event) {
      return !((EpollIoEvent) event).ops().equals(EpollIoOps.EPOLLOUT);
    }

    @Override
    boolean isFailure(IoEvent event) {
      return ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR);
    }

    @Override
    void mutedBy(Muting registration) {
      muting = registration;
    }

    /** What was not in the first event is told once more after that one's turn. */
    @Override
    void toldAgain(IoRegistration registration, Queue<IoEvent> putOff, IoEvent event) {
      if (muting != null) {
        muting.mute();
      }
    }

    @Override
    void beforeTold(IoRegistration registration, IoEvent event) {
      if (muting != null) {
        muting.unmute();
      }
    }

    @Override
    public FileDescriptor fd() {
      return epoll.fd();
    }
  }

  @SuppressWarnings("try")
  private static final class OfIoUring extends GuardedHandle implements IoUringIoHandle {
    // io_uring.h
    private static final byte OP_WRITEV = 2;
    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_SEND = 26;
    private static final byte OP_RECV = 27;
    private static final int CQE_F_MORE = 2;
    private static final int CQE_F_SOCK_NONEMPTY = 4;

    // poll.h
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLERR = 8;
    private static final int POLLRDHUP = 0x2000;

    // errno.h
    private static final int EINTR = -4;
    private static final int EAGAIN = -11;
    private static final int EPIPE = -32;
    private static final int ECONNRESET = -104;
    private static final int ECANCELED = -125;

    OfIoUring(IoUringIoHandle handle, Setting setting) {
      super(handle, setting);
    }

    @Override
    boolean isInput(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      int result = completion.res();
      return switch (completion.opcode()) {
        case OP_RECV -> true;
        case OP_POLL_ADD -> (result & ~POLLRDHUP) != POLLOUT;
        default -> false;
      };
    }

    /** Nothing that goes on by itself, and nothing that has been given up. */
    @Override
    boolean canWait(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      return switch (completion.opcode()) {
        case OP_RECV, OP_SEND, OP_WRITEV -> completion.res() != ECANCELED;
        case OP_POLL_ADD -> completion.res() > 0;
        default -> false;
      };
    }

    @Override
    boolean isFailure(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      int result = completion.res();
      return switch (completion.opcode()) {
        case OP_RECV -> result == ECONNRESET;
        case OP_SEND, OP_WRITEV -> result == ECONNRESET || result == EPIPE;
        case OP_POLL_ADD -> result > 0 && (result & POLLERR) != 0;
        default -> false;
      };
    }

    @Override
    boolean isToldOnce() {
      return true;
    }

    /** The others find that out by reading again. */
    @Override
    void afterTold(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      if (completion.opcode() == OP_RECV && (completion.flags() & CQE_F_SOCK_NONEMPTY) == 0) {
        tookAll();
      }
    }

    /** Netty uses its event again. */
    @Override
    IoEvent kept(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      return with(completion, completion.res(), completion.flags());
    }

    @Override
    IoEvent filtered(IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      if (completion.res() == EINTR) {
        return tryAgain(completion);
      }
      if (completion.opcode() == OP_RECV && completion.res() > 0 && isCut()) {
        // The kernel has told of the end when it was cut, and tells nothing twice.
        return with(completion, completion.res(), completion.flags() | CQE_F_SOCK_NONEMPTY);
      }
      return isOfStream() && isHangUp(completion) ? withoutHangUp(completion) : event;
    }

    /** Whether it says that the peer has shut its output down, in order. */
    private static boolean isHangUp(IoUringIoEvent completion) {
      int result = completion.res();
      return completion.opcode() == OP_POLL_ADD
          && result > 0
          && (result & POLLRDHUP) != 0
          && (result & POLLERR) == 0;
    }

    /**
     * That is hidden: Netty 4.2.18 takes everything out of the kernel at once then, however much
     * that is and whether anybody wants it. The end of the input is found by reading, in its turn.
     * The kernel says it with the polls for input and for room for output, too. To who asked for
     * nothing else it looks as if waiting for it had been cancelled, with a flag that keeps Netty
     * from taking this for the poll for input.
     */
    private static IoEvent withoutHangUp(IoUringIoEvent completion) {
      int rest = completion.res() & ~POLLRDHUP;
      return (rest & (POLLIN | POLLOUT)) == 0
          ? with(completion, ECANCELED, CQE_F_MORE)
          : with(completion, rest, completion.flags());
    }

    /**
     * For an operation that a signal has interrupted, which Netty 4.2.18 takes for a failure of the
     * connection. A read has to say that there is something to read, as the poll for input speaks
     * up only when more comes; a write polls for output, which looks at once.
     */
    private static IoEvent tryAgain(IoUringIoEvent completion) {
      return switch (completion.opcode()) {
        case OP_POLL_ADD -> completion;
        case OP_RECV -> with(completion, EAGAIN, completion.flags() | CQE_F_SOCK_NONEMPTY);
        default -> with(completion, EAGAIN, completion.flags());
      };
    }

    private static IoEvent with(IoUringIoEvent completion, int result, int flags) {
      return new IoUringIoEvent(result, flags, completion.opcode(), completion.userData());
    }
  }
}
