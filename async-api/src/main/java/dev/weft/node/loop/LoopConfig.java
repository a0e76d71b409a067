package dev.weft.node.loop;

import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.watch.SlowPolls;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is made from.
 *
 * @param name of its thread, and what those of its worker pool begin with
 * @param daemon whether the JVM may exit while the loop is alive
 * @param driver what opens the driver; null for a loop without sockets
 * @param poolThreads size of the worker pool; 0 for what {@code UV_THREADPOOL_SIZE} says
 * @param nanoClock as {@code System.nanoTime}
 * @param slowPolls is told of callbacks that last for long
 */
public record LoopConfig(
    String name,
    boolean daemon,
    Driver.@Nullable Provider driver,
    int poolThreads,
    LongSupplier nanoClock,
    SlowPolls slowPolls) {}
