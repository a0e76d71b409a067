/**
 * Sockets for async methods, over Netty: {@link dev.weft.net.TcpListener} and {@link
 * dev.weft.net.TcpStream}. The only package that imports {@code io.netty}; an application without
 * sockets does not need Netty on its class path.
 */
@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
