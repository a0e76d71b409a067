/**
 * Whole programs, each woven by its test and run in a JVM of its own: what woven code promises
 * about memory, stack depth, wake-ups, fairness and debugging. The programs stand beside the tests
 * that run them.
 */
@NullMarked
package dev.weft.weaver.program;

import org.jspecify.annotations.NullMarked;
