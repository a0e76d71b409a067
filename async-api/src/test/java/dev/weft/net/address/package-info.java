/** Names with several addresses, without a socket. */
@NullMarked
package dev.weft.net.address;

import org.jspecify.annotations.NullMarked;
