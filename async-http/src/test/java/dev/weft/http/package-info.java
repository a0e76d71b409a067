/** Tests of HTTP: by clients that write what they like on a socket, and by those of others. */
@NullMarked
package dev.weft.http;

import org.jspecify.annotations.NullMarked;
