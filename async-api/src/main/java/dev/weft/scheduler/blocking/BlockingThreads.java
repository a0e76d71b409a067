package dev.weft.scheduler.blocking;

import dev.weft.scheduler.thread.Heritage;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a blocking pool is made of.
 *
 * @param max how many there may be
 * @param keepAlive how long an idle one stays
 * @param loader their context class loader
 * @param factory makes one
 */
public record BlockingThreads(
    int max, Duration keepAlive, @Nullable ClassLoader loader, ThreadFactory factory) {
  /** The most that a {@link java.util.concurrent.ThreadPoolExecutor} can count to. */
  private static final int UNLIMITED = (1 << 29) - 1;

  /**
   * Daemon threads of the usual kind.
   *
   * @param name prefix of their names
   */
  public static BlockingThreads platform(String name, int max, Duration keepAlive) {
    AtomicInteger number = new AtomicInteger();
    Heritage heritage = new Heritage();
    ClassLoader loader = heritage.contextClassLoader();
    return new BlockingThreads(
        max,
        keepAlive,
        loader,
        run ->
            heritage.make(
                () -> {
                  String own = name + "-blocking-" + number.getAndIncrement();
                  Thread thread = new Thread(null, run, own, 0, false); // no thread-locals
                  thread.setDaemon(true);
                  return thread;
                }));
  }

  /**
   * A virtual thread costs next to nothing to make, so none is kept.
   *
   * @throws UnsupportedOperationException on a JVM without virtual threads
   */
  public static BlockingThreads virtual(String name) {
    try {
      // Thread.ofVirtual().name(prefix, 0).factory(), which Java 17 does not have.
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      builder =
          type.getMethod("name", String.class, long.class).invoke(builder, name + "-blocking-", 0L);
      ThreadFactory factory = (ThreadFactory) type.getMethod("factory").invoke(builder);
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      ThreadFactory withLoader =
          run -> {
            Thread thread = factory.newThread(run);
            thread.setContextClassLoader(loader);
            return thread;
          };
      return new BlockingThreads(UNLIMITED, Duration.ofMillis(1), loader, withLoader);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw unsupported(e);
    } catch (InvocationTargetException e) {
      throw unsupported(e.getCause()); // Java 19 and 20, where they are a preview
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e); // the methods are public
    }
  }

  private static UnsupportedOperationException unsupported(@Nullable Throwable cause) {
    return new UnsupportedOperationException(
        "virtualBlockingThreads: there are virtual threads from Java 21 on, and this is "
            + Runtime.version()
            + ". Run on a newer JVM, or leave that option out.",
        cause);
  }
}
