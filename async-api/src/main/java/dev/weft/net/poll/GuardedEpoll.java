package dev.weft.net.poll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/** What epoll tells of a channel: what it is ready for, as long as that is so. */
@SuppressWarnings("try") // close() throws what Netty's does
final class GuardedEpoll extends GuardedHandle implements EpollIoHandle {
  /**
   * How often the same is told before the kernel is kept from that: the two system calls for it
   * cost as much. Those who wait for one poll only, as they do in a round of few, need none.
   */
  private static final int REPEATED_AT_MOST = 4;

  private final EpollIoHandle epoll;
  private @Nullable Muting muting;

  /** How often it was told again while it waited for its turn. */
  private int repeated;

  GuardedEpoll(EpollIoHandle epoll, Setting setting) {
    super(epoll, setting);
    this.epoll = epoll;
  }

  @Override
  boolean isInput(IoEvent event) {
    return !((EpollIoEvent) event).ops().equals(EpollIoOps.EPOLLOUT);
  }

  @Override
  boolean isPlainInput(IoEvent event) {
    return ((EpollIoEvent) event).ops().equals(EpollIoOps.EPOLLIN);
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
  void toldAgain(IoRegistration registration, Turns.Turn putOff, IoEvent event) {
    if (muting != null && ++repeated >= REPEATED_AT_MOST) {
      muting.mute();
    }
  }

  @Override
  void beforeTold(IoRegistration registration, IoEvent event) {
    if (muting != null && repeated >= REPEATED_AT_MOST) {
      muting.unmute();
    }
    repeated = 0;
  }

  @Override
  public FileDescriptor fd() {
    return epoll.fd();
  }
}
