package dev.weft.net;

import dev.weft.frame.Carrier;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.loop.SocketThread;
import dev.weft.net.memory.MemoryBudget;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.DriverSeat;
import org.jspecify.annotations.Nullable;

/**
 * Opens socket drivers. Found by {@link java.util.ServiceLoader} when an executor is not told what
 * to use; programs choose with {@link Transport#driver()}.
 *
 * <pre>{@code
 * try (AsyncExecutor executor = WorkStealingExecutor.builder().build()) { // no driver: found here
 *   executor.blockOn(() -> serve(8080));
 * }
 * }</pre>
 */
public final class SocketDriverProvider implements Driver.Provider {
  /**
   * How many sockets are handled before the tasks that they have woken: few enough for what belongs
   * to them to be in the cache still, and for the worker not to call for help with it. Measured
   * with two workers and 1,000 connections that echo 64 bytes, on JDK 25: user time per message 5.2
   * us with 128, 3.9 with 32, 4.3 with 16; workers that fall asleep, 0.048, 0.003 and 0.003 times a
   * message.
   */
  private static final int ROUND = 32;

  /**
   * How many epoll reports at a time: more than are handled, so that it is seen who of all that are
   * ready is to come first. Netty's figure.
   */
  private static final int EVENTS = 4096;

  /** The same for a single thread, as node mode has it: libuv's figure (src/unix/linux.c). */
  private static final int EVENTS_OF_ONE_THREAD = 1024;

  /** A quarter of the direct memory that the JVM allows; found out when there is a Netty to ask. */
  static final long DEFAULT_LIMIT = -1;

  private final Transport transport;
  private final long memoryLimit;

  /** For {@link java.util.ServiceLoader}: {@link Transport#AUTO}. */
  public SocketDriverProvider() {
    this(Transport.AUTO, DEFAULT_LIMIT);
  }

  /**
   * Makes one.
   *
   * @param memoryLimit in bytes, or {@link #DEFAULT_LIMIT}
   */
  SocketDriverProvider(Transport transport, long memoryLimit) {
    this.transport = transport;
    this.memoryLimit = memoryLimit;
  }

  @Override
  public Thread newThread(Runnable run, String name, Carrier carrier) {
    NettyRequirement.check();
    return SocketThread.of(run, name, carrier);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the transport is not available here
   */
  @Override
  public Driver open() {
    return open(DriverSeat.pinned(), EVENTS_OF_ONE_THREAD, EVENTS_OF_ONE_THREAD);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the transport is not available here
   */
  @Override
  public Driver open(DriverSeat seat) {
    return open(seat, EVENTS, ROUND);
  }

  /**
   * {@inheritDoc} As {@link Transport#unavailabilityReason}, which also says so of a Netty that
   * cannot be used.
   */
  @Override
  public @Nullable String unavailabilityReason() {
    return transport.unavailabilityReason();
  }

  private Driver open(DriverSeat seat, int maxEvents, int lightRound) {
    NettyRequirement.check();
    String reason = transport.unavailabilityReason();
    if (reason != null) {
      throw new IllegalStateException(
          "The transport " + transport + " is not available here: " + reason);
    }
    long limit = memoryLimit == DEFAULT_LIMIT ? MemoryBudget.defaultLimit() : memoryLimit;
    return SocketDriver.open(transport.backend(), seat, maxEvents, lightRound, limit);
  }

  /** {@inheritDoc} With epoll and NIO they may, with io_uring not. */
  @Override
  public boolean isTransferable() {
    NettyRequirement.check(); // the first thing that an executor asks
    Transport chosen = transport.chosen();
    return chosen.isAvailable() && chosen.backend().handlers(EVENTS).isChangingThreadSupported();
  }

  /** {@inheritDoc} For {@link Transport#AUTO}, the one that it stands for here. */
  @Override
  public String name() {
    return transport.chosen().toString();
  }
}
