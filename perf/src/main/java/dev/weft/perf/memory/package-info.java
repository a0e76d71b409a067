/** What waiting costs in memory: a sleep, a suspended call, a thread that is parked. */
@NullMarked
package dev.weft.perf.memory;

import org.jspecify.annotations.NullMarked;
