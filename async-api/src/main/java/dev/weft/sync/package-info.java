/** Locks, semaphores and channels for tasks: who has to wait is suspended, and blocks no thread. */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
