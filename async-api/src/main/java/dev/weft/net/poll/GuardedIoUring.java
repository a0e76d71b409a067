package dev.weft.net.poll;

import io.netty.channel.IoEvent;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;

/** What io_uring tells of a channel: that an operation is over, once. */
@SuppressWarnings("try") // close() throws what Netty's does
final class GuardedIoUring extends GuardedHandle implements IoUringIoHandle {
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

  GuardedIoUring(IoUringIoHandle handle, Setting setting) {
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
   * That is hidden: Netty 4.2.18 takes everything out of the kernel at once then, however much that
   * is and whether anybody wants it. The end of the input is found by reading, in its turn. The
   * kernel says it with the polls for input and for room for output, too. To who asked for nothing
   * else it looks as if waiting for it had been cancelled, with a flag that keeps Netty from taking
   * this for the poll for input.
   */
  private static IoEvent withoutHangUp(IoUringIoEvent completion) {
    int rest = completion.res() & ~POLLRDHUP;
    return (rest & (POLLIN | POLLOUT)) == 0
        ? with(completion, ECANCELED, CQE_F_MORE)
        : with(completion, rest, completion.flags());
  }

  /**
   * For an operation that a signal has interrupted, which Netty 4.2.18 takes for a failure of the
   * connection. A read has to say that there is something to read, as the poll for input speaks up
   * only when more comes; a write polls for output, which looks at once.
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
