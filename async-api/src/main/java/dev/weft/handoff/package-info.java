/**
 * Values that must be closed or released, on their way to whoever awaits them: none is lost, and
 * none reaches two. {@link dev.weft.handoff.Returnable} is the task that takes its value back if
 * nobody gets it; {@link dev.weft.handoff.HandOff} queues what arrives, {@link
 * dev.weft.handoff.Acquiring} brings one thing. {@link dev.weft.handoff.Waiting} is one who stands
 * in a {@link dev.weft.handoff.WaitQueue}; {@link dev.weft.handoff.Recurring} and {@link
 * dev.weft.handoff.Present} are used for one value after the other, so that none of them costs an
 * allocation. Knows nothing of sockets.
 */
@NullMarked
package dev.weft.handoff;

import org.jspecify.annotations.NullMarked;
