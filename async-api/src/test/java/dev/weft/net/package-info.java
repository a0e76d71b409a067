/**
 * What sockets promise, on each transport; the peer is always a plain blocking socket of the JDK.
 */
@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
