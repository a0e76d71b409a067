/** What the memory of connections promises, without a socket. */
@NullMarked
package dev.weft.net.memory;

import org.jspecify.annotations.NullMarked;
