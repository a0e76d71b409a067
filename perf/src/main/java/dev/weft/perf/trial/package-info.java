/**
 * Trials of strength: whether the echo server can be knocked over. Each is a command, {@code
 * perf/run trial NAME}, that starts the server as a process, as {@code echo-server/run} does, does
 * its worst to it, and says whether what is promised holds. They find faults, and measure only as
 * far as that needs it.
 *
 * <p>{@link dev.weft.perf.trial.Trial} is what all of them share; {@link
 * dev.weft.perf.trial.EchoServerProcess}, {@link dev.weft.perf.trial.ServerSample}, {@link
 * dev.weft.perf.trial.ExactClient} and {@link dev.weft.perf.trial.Verdict} are what a further one
 * is made of.
 */
@NullMarked
package dev.weft.perf.trial;

import org.jspecify.annotations.NullMarked;
