/**
 * Values that must be closed or released, on their way to whoever awaits them: none is lost, and
 * none reaches two. {@link dev.weft.net.handoff.Returnable} is the task that takes its value back
 * if nobody gets it; {@link dev.weft.net.handoff.HandOff} queues what arrives, {@link
 * dev.weft.net.handoff.Acquiring} brings one thing. Knows nothing of sockets.
 */
@NullMarked
package dev.weft.net.handoff;

import org.jspecify.annotations.NullMarked;
