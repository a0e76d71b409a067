/**
 * What does it cost to be recorded by the JDK's Flight Recorder, and to be ready for it? {@link
 * dev.weft.perf.recording.RecordedSwitch} has the smallest pieces of work there are. What a server
 * loses, the runner's contenders {@code weft-epoll-jfr-default}, {@code -profile} and {@code
 * -trace} tell, in interleaved rounds.
 */
@NullMarked
package dev.weft.perf.recording;

import org.jspecify.annotations.NullMarked;
