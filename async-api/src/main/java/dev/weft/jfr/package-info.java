/**
 * What the JDK's Flight Recorder is told: a class for each event, and {@link
 * dev.weft.jfr.FlightSwitch}, which says whether a recording runs.
 *
 * <p>Who has something to tell asks the switch first, and names a class of an event only behind
 * that. So these classes, each of which needs the module {@code jdk.jfr}, are not loaded before
 * there is a recording, and never on a JVM without that module; and a program that is not recorded
 * pays a load and a branch for each event that there might be. No other room imports {@code
 * jdk.jfr}.
 *
 * <p>An event begins and ends on one thread, within one poll. What lies between a suspension and
 * the resumption is two events, which the task's id and the number of the call belong together by:
 * see docs/flight-recorder.md.
 *
 * <p>Knows nothing else of Weft: the rooms above say in words and numbers what has happened, {@code
 * dev.weft.frame.FrameEvents} for tasks and calls.
 */
@NullMarked
package dev.weft.jfr;

import org.jspecify.annotations.NullMarked;
