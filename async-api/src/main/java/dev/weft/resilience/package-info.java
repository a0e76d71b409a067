/**
 * What keeps a program going beside others that fail or tire: {@link dev.weft.resilience.Retry}
 * makes a call again, {@link dev.weft.resilience.RateLimiter} spaces calls out. Both go by the
 * executor's clock and its random numbers, so they run in virtual time and under a seed. For a
 * circuit breaker use a library that has one; the documentation shows how.
 *
 * <p>Knows tasks, frames and {@code dev.weft.handoff}; nothing in the core knows it.
 */
@NullMarked
package dev.weft.resilience;

import org.jspecify.annotations.NullMarked;
