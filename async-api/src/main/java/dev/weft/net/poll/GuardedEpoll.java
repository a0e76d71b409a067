package dev.weft.net.poll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What epoll tells of a channel: what it is ready for, as long as that is so. */
@SuppressWarnings("try") // close() throws what Netty's does
final class GuardedEpoll extends GuardedHandle implements EpollIoHandle {
  private final EpollIoHandle epoll;
  private @Nullable Muting muting;

  GuardedEpoll(EpollIoHandle epoll, Setting setting) {
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
