/**
 * The work-stealing scheduler behind {@link dev.weft.WorkStealingExecutor}: worker, queues, idle
 * set, timers, blocking pool, and the driver interface through which workers wait for I/O.
 */
@NullMarked
package dev.weft.scheduler;

import org.jspecify.annotations.NullMarked;
