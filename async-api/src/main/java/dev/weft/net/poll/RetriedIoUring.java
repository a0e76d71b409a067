package dev.weft.net.poll;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Netty's io_uring handler, with two things put right. What the kernel cannot do at the moment is
 * tried again: {@code io_uring_enter} may fail for want of memory or because there are completions
 * to be fetched first (EAGAIN, EBUSY: io_uring_enter(2)), and Netty 4.2.18 takes that for a failure
 * of the loop. What was to be submitted stays in the ring, so nothing is lost. And what it submits
 * later is still what was meant: see {@link GatheredWrites}.
 *
 * <p>All methods are called by the loop's thread, as Netty does.
 */
final class RetriedIoUring implements IoHandler {
  // errno-base.h, as Netty has them: negative
  private static final int EINTR = -4;
  private static final int EAGAIN = -11;
  private static final int ENOMEM = -12;
  private static final int EBUSY = -16;

  /** Before another try by a worker that has nothing else to do. Guessed. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final IoHandler ioUring;
  private final GatheredWrites writes;

  private RetriedIoUring(IoHandler ioUring, GatheredWrites writes) {
    this.ioUring = ioUring;
    this.writes = writes;
  }

  static IoHandlerFactory factory() {
    IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
    IoHandlerFactory factory = IoUringIoHandler.newFactory(config);
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        GatheredWrites writes = new GatheredWrites(config.getRingSize());
        try {
          return new RetriedIoUring(factory.newHandler(executor), writes);
        } catch (Throwable noRing) {
          writes.release();
          throw noRing;
        }
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public int run(IoHandlerContext context) {
    try {
      return ioUring.run(context);
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof Errors.NativeIoException failure)
          || !passes(failure.expectedErr())) {
        throw e;
      }
      PollLog.ringRefused(failure);
      if (context.canBlock()) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return 0;
    }
  }

  private static boolean passes(int error) {
    return error == EAGAIN || error == EBUSY || error == ENOMEM || error == EINTR;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    IoRegistration registration = ioUring.register(handle);
    Channel.Unsafe unsafe = handle instanceof GuardedHandle guarded ? guarded.unsafe() : null;
    return unsafe == null ? registration : writes.keeping(registration, unsafe);
  }

  @Override
  public void initialize() {
    ioUring.initialize();
  }

  @Override
  public void prepareToDestroy() {
    ioUring.prepareToDestroy();
  }

  @Override
  public void destroy() {
    try {
      ioUring.destroy();
    } finally {
      writes.release(); // also if it has failed, as nobody enters that ring again
    }
  }

  @Override
  public void wakeup() {
    ioUring.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return ioUring.isCompatible(handleType);
  }
}
