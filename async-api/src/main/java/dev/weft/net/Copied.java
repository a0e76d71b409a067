package dev.weft.net;

/**
 * What {@link ByteStream#copyBidirectional} has moved.
 *
 * <pre>{@code
 * static CompletableFuture<Void> proxy(TcpStream client, TcpStream upstream) {
 *   Copied copied = await(ByteStream.copyBidirectional(client, upstream, Duration.ofMinutes(5)));
 *   System.out.println(copied.forth() + " bytes to the server, " + copied.back() + " from it");
 *   return done();
 * }
 * }</pre>
 *
 * @param forth bytes from the first stream to the second
 * @param back bytes from the second to the first
 */
public record Copied(long forth, long back) {}
