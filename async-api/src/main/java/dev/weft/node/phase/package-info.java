/**
 * The phases of the loop but for the timers', one class each, and their order. {@link
 * dev.weft.node.phase.Phases} is libuv's {@code uv_run}.
 */
@NullMarked
package dev.weft.node.phase;

import org.jspecify.annotations.NullMarked;
