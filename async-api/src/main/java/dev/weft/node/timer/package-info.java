/**
 * The loop's time, and the timers: those that users set, which are the first phase, and what is
 * made of them, the sleep of a task and the loop's own delay.
 */
@NullMarked
package dev.weft.node.timer;

import org.jspecify.annotations.NullMarked;
