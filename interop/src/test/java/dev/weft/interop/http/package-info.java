/**
 * What an HTTP/1.1 server makes of requests as no library sends them: a table of cases over plain
 * sockets, for any server, and Netty's own codec as one to compare with.
 */
@NullMarked
package dev.weft.interop.http;

import org.jspecify.annotations.NullMarked;
