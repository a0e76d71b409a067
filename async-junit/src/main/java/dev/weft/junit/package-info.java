/**
 * Tests that await. {@link dev.weft.junit.AsyncTest} is all that a test names; the rest serves it.
 *
 * <p>{@code SeedProvider} and {@code TestInvocation} are what JUnit calls, {@code TestRun} is one
 * test on one executor, and {@code UnwovenTests} is a test engine beside Jupiter's that fails what
 * Jupiter would pass over in silence. Knows {@code dev.weft} and no other package of it.
 */
@NullMarked
package dev.weft.junit;

import org.jspecify.annotations.NullMarked;
