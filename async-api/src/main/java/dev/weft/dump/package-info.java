/**
 * Dumps of tasks: what each executor of the program runs, and what each suspended call waits for.
 * {@link dev.weft.dump.TaskDump} is the way in; {@code dev.weft.dump.live} is where executors say
 * what is alive.
 */
@NullMarked
package dev.weft.dump;

import org.jspecify.annotations.NullMarked;
