/**
 * TLS before it has a connection: certificates and keys from files ({@link
 * dev.weft.net.tls.Identity}), which of them a client is shown ({@link
 * dev.weft.net.tls.SniKeyManager}), Netty's contexts made of that ({@link
 * dev.weft.net.tls.TlsContexts}), and failures in words ({@link dev.weft.net.tls.TlsWords}).
 */
@NullMarked
package dev.weft.net.tls;

import org.jspecify.annotations.NullMarked;
