package dev.weft.net.poll;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Netty's epoll handler, with two things put right: a socket in which nobody is interested for a
 * while can be listened to again, and one that the kernel does not take in is closed. And one whose
 * turn is long in coming is not told of in each poll.
 *
 * <p>When a channel has no event left to wait for, Netty 4.2.18 takes it out of the epoll set
 * (netty#16689), but later changes its events as if it were still in: {@code epoll_ctl(MOD)} fails
 * with ENOENT and the connection is closed. It needs no more than a peer that shuts its output down
 * while this side has more to send than the socket's buffer takes. Here the socket is registered
 * anew, which puts it back in.
 *
 * <p>All methods are called by the loop's thread, as Netty does.
 */
final class RearmedEpoll implements IoHandler {
  private final IoHandler epoll;
  private final ThreadAwareExecutor executor;

  private RearmedEpoll(IoHandler epoll, ThreadAwareExecutor executor) {
    this.epoll = epoll;
    this.executor = executor;
  }

  static IoHandlerFactory factory(int maxEvents) {
    IoHandlerFactory factory =
        EpollIoHandler.newFactory(maxEvents, DefaultSelectStrategyFactory.INSTANCE);
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new RearmedEpoll(factory.newHandler(executor), executor);
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    Registration registration = new Registration(handle, epoll.register(handle));
    if (handle instanceof GuardedHandle guarded) {
      guarded.mutedBy(registration);
    }
    return registration;
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }

  private final class Registration implements IoRegistration, GuardedHandle.Muting {
    private final IoHandle handle;
    private IoRegistration current;
    private EpollIoOps wanted = EpollIoOps.NONE;
    private boolean removed;
    private boolean muted;

    Registration(IoHandle handle, IoRegistration current) {
      this.handle = handle;
      this.current = current;
    }

    @Override
    public long submit(IoOps ops) {
      boolean none = ops.equals(EpollIoOps.NONE);
      try {
        if (removed && !none && current.isValid()) {
          current.cancel();
          current = registerAnew();
        }
        removed = none;
        muted = false;
        wanted = (EpollIoOps) ops;
        return current.submit(ops);
      } catch (UncheckedIOException refused) {
        onRefusal(refused);
        return -1;
      }
    }

    /**
     * Edge-triggered, as which the kernel tells what there is once more and then only what is new.
     * An error would be told however little is asked for, else.
     */
    @Override
    public void mute() {
      if (!muted && !removed && current.isValid()) {
        EpollIoOps before = wanted;
        submit(EpollIoOps.valueOf(before.value() | EpollIoOps.EPOLLET.value()));
        wanted = before;
        muted = true;
      }
    }

    @Override
    public void unmute() {
      if (muted) {
        submit(wanted);
      }
    }

    /**
     * The kernel does not take the socket in, for want of memory or by the limit of watches ({@code
     * /proc/sys/fs/epoll/max_user_watches}). Netty would log that and leave the socket open, where
     * no event would ever reach it; and its loop counts on nothing being thrown here.
     */
    private void onRefusal(UncheckedIOException refused) {
      current.cancel();
      PollLog.channelFailed(refused);
      executor.execute(this::closeHandle);
    }

    private void closeHandle() {
      try {
        handle.close();
      } catch (Exception e) {
        PollLog.channelFailed(e);
      }
    }

    private IoRegistration registerAnew() {
      try {
        return epoll.register(handle);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException("a socket could not be registered with epoll again", e);
      }
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return current.attachment();
    }

    @Override
    public boolean isValid() {
      return current.isValid();
    }

    @Override
    public boolean cancel() {
      return current.cancel();
    }
  }
}
