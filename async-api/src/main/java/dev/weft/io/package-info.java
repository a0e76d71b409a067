/**
 * Files and child processes: {@link dev.weft.io.AsyncFiles} and {@link dev.weft.io.AsyncProcess}.
 * What the operating system offers for them blocks the thread that asks, so it is asked on threads
 * that are there for it, and what comes is awaited. Bytes are arrays and {@link
 * java.nio.ByteBuffer}s; no Netty is needed.
 *
 * <p>Knows tasks, {@code dev.weft.stream}, {@code dev.weft.handoff} and {@code dev.weft.time};
 * nothing in the core knows it.
 */
@NullMarked
package dev.weft.io;

import org.jspecify.annotations.NullMarked;
