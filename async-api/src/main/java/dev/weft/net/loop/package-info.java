/**
 * Netty's event loop without a thread, run by the workers of an executor: {@link
 * dev.weft.net.loop.WorkerEventLoop} is what Netty sees, {@link dev.weft.net.loop.SocketDriver}
 * what the workers see, and {@link dev.weft.net.loop.WorkerEventLoopGroup} all of an executor's.
 * Knows no stream and no listener: one that owes a flush is an {@link dev.weft.net.loop.OwedFlush},
 * one that keeps the loop alive has a {@link dev.weft.net.loop.LoopReference}.
 */
@NullMarked
package dev.weft.net.loop;

import org.jspecify.annotations.NullMarked;
