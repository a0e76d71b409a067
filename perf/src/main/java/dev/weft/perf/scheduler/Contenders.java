package dev.weft.perf.scheduler;

import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Two threads each. */
public final class Contenders {
  static final int WORKERS = 2;

  /** For the JVM: as many carriers, and no more of them when one is pinned. */
  static final String CARRIERS = "-Djdk.virtualThreadScheduler.parallelism=2";

  static final String NO_MORE_CARRIERS = "-Djdk.virtualThreadScheduler.maxPoolSize=2";

  private Contenders() {}

  /** Weft's scheduler. */
  @State(Scope.Benchmark)
  public static class Weft {
    /**
     * With a driver it also polls sockets, as Tokio does in its benchmark, with {@code enable_all}.
     */
    @Param({"false", "true"})
    public boolean driver;

    @SuppressWarnings("NullAway.Init") // by open
    WorkStealingExecutor executor;

    /** Makes it. */
    @Setup
    public void open() {
      WorkStealingExecutorBuilder builder = WorkStealingExecutor.builder().workers(WORKERS);
      executor = driver ? builder.build() : builder.noDriver().build();
    }

    /** The same, for other packages. */
    public WorkStealingExecutor executor() {
      return executor;
    }

    /** Ends it. */
    @TearDown
    public void close() {
      executor.close();
    }
  }

  /** The JDK's, first in first out. */
  @State(Scope.Benchmark)
  public static class Pool {
    final ForkJoinPool pool =
        new ForkJoinPool(WORKERS, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);

    /** Ends it. */
    @TearDown
    public void close() {
      pool.shutdown();
    }
  }

  /** {@code Thread.startVirtualThread}, by method handle, as this is compiled for Java 17. */
  public static Thread startVirtual(Runnable body) {
    try {
      return (Thread) Virtual.START.invokeExact(body);
    } catch (Throwable e) {
      throw new IllegalStateException("a virtual thread could not be started", e);
    }
  }

  private static final class Virtual {
    static final MethodHandle START;

    static {
      try {
        START =
            MethodHandles.publicLookup()
                .findStatic(
                    Thread.class,
                    "startVirtualThread",
                    MethodType.methodType(Thread.class, Runnable.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "Virtual threads need JDK 21 or later, and this is JDK "
                + Runtime.version().feature()
                + ". Leave these benchmarks out with -e virtualThread",
            e);
      }
    }
  }
}
