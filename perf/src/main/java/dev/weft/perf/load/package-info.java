/**
 * The load generator: {@code perf/run load}. {@link dev.weft.perf.load.Load} is the command line,
 * {@link dev.weft.perf.load.LoadGenerator} the way in from code.
 *
 * <p>It uses the JDK's own channels, not Netty, so that a server built on Netty is not measured by
 * its own kind. In the closed loop each connection sends its next message when a reply has come; in
 * the open loop messages are due at a constant rate, whatever the server does, and a latency counts
 * from when its message was due: a server that stalls cannot make the generator hold back the very
 * messages that would show it (<i>coordinated omission</i>, as Gil Tene calls it).
 */
@NullMarked
package dev.weft.perf.load;

import org.jspecify.annotations.NullMarked;
