package dev.weft.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * A datagram that a {@link UdpSocket} has received.
 *
 * <pre>{@code
 * static CompletableFuture<String> answer(UdpSocket socket) {
 *   Datagram datagram = await(socket.receive());
 *   try {
 *     return done(datagram.sender() + ": " + datagram.content().toString(StandardCharsets.UTF_8));
 *   } finally {
 *     datagram.content().release();
 *   }
 * }
 * }</pre>
 *
 * To which of this side's addresses it was sent is not told, as only some transports could, and a
 * socket that is bound to one address knows.
 *
 * @param content its bytes, none at all perhaps, in a buffer of just their size that belongs to
 *     whoever has the datagram and must be released or handed on
 * @param sender who has sent it, or who claims to: senders can be forged
 * @param truncated whether it was longer than {@link UdpOptions#receiveSize}, and the rest is lost
 */
public record Datagram(ByteBuf content, InetSocketAddress sender, boolean truncated) {}
