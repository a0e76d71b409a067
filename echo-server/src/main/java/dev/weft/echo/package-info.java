/**
 * A TCP echo server in sequential Java. Read {@link dev.weft.echo.EchoHandler} first: it is the
 * whole conversation with one client. {@link dev.weft.net.TcpServer} accepts connections and runs a
 * handler for each; {@link dev.weft.echo.Main} is the command line around them.
 */
@NullMarked
package dev.weft.echo;

import org.jspecify.annotations.NullMarked;
