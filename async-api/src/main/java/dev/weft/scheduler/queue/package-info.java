/**
 * Where frames stand in line, linked through themselves: {@link
 * dev.weft.scheduler.queue.LocalQueue}, a worker's own, from which the others steal; {@link
 * dev.weft.scheduler.queue.InjectionQueue}, what threads outside have scheduled; {@link
 * dev.weft.scheduler.queue.FrameList}, for one thread at a time.
 *
 * <p>Knows frames and what is counted. Who pushes and who steals is each class's own contract; that
 * somebody is awake to pop is not its business.
 */
@NullMarked
package dev.weft.scheduler.queue;

import org.jspecify.annotations.NullMarked;
