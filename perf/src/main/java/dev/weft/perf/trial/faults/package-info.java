/**
 * Does the echo server bear a kernel that fails? System calls of its process fail at random, as
 * {@code peers/c/faults.c} says, while clients check every byte. {@link
 * dev.weft.perf.trial.faults.Faults} is the command; read {@link
 * dev.weft.perf.trial.faults.FaultTrial} first.
 */
@NullMarked
package dev.weft.perf.trial.faults;

import org.jspecify.annotations.NullMarked;
