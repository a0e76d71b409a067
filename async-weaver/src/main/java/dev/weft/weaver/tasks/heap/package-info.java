/**
 * Weft's tasks in a heap dump: which fields of async-api's classes say what, how one follows from
 * suspended call to suspended call, and how all of it is printed, as {@code dev.weft.dump.TaskDump}
 * prints that of a running JVM. Knows async-api by the names of its classes and fields alone; a
 * test holds them to it.
 *
 * <p>Start at {@link dev.weft.weaver.tasks.heap.HeapTasks}.
 */
@NullMarked
package dev.weft.weaver.tasks.heap;

import org.jspecify.annotations.NullMarked;
