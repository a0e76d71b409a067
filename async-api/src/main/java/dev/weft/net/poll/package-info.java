/**
 * How the kernel is asked what has happened, and in which order connections hear of it: Netty's I/O
 * handlers with what had to be put right in them, for each {@link dev.weft.net.poll.Backend}
 * (epoll, io_uring, the JDK's selectors), and what is put between them and the channels.
 *
 * <p>An event on its way: the handler ({@link dev.weft.net.poll.RearmedEpoll}, {@link
 * dev.weft.net.poll.RetriedIoUring}, Netty's for NIO) tells a {@link
 * dev.weft.net.poll.GuardedHandle}, which lets no failure out; that asks {@link
 * dev.weft.net.poll.Turns} whether it is the connection's turn, and tells the channel now or when
 * it is. Knows no loop, no stream and no listener. All of it is confined to the thread that runs
 * the loop, where nothing else is said.
 */
@NullMarked
package dev.weft.net.poll;

import org.jspecify.annotations.NullMarked;
