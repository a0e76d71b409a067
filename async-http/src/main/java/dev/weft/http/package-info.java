/**
 * HTTP servers. {@link dev.weft.http.HttpServer} takes connections, {@link
 * dev.weft.http.HttpHandler} is what answers their requests.
 *
 * <p>From the socket inwards: a {@code Connection} finds out what is spoken; {@code Http1} or
 * {@code Http2} with its {@code Http2Stream}s have the codec, and give heads to an {@code Exchange}
 * each, which has the handler called and the {@code Answer} sent. It is written as its users write:
 * with {@code await}.
 */
@NullMarked
package dev.weft.http;

import org.jspecify.annotations.NullMarked;
