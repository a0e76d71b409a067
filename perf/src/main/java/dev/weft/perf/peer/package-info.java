/**
 * The servers in Java that are measured beside those in {@code perf/peers}: Weft's own, Netty
 * alone, Netty with a pool behind it, and a virtual thread per connection. {@link
 * dev.weft.perf.peer.PeerMain} starts one of them. All speak one protocol: see {@link
 * dev.weft.perf.load.Request}.
 */
@NullMarked
package dev.weft.perf.peer;

import org.jspecify.annotations.NullMarked;
