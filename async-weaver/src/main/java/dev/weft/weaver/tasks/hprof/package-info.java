/**
 * Heap dumps in HotSpot's format, read without holding them in memory: one walk over the whole file
 * indexes the objects that somebody is interested in, and each further one finds those that these
 * refer to. Knows nothing of Weft.
 *
 * <p>The format is told in {@code src/hotspot/share/services/heapDumper.cpp} of the JDK. Numbers
 * are big-endian; ids have 4 or 8 bytes, as the header says.
 *
 * <p>Start at {@link dev.weft.weaver.tasks.hprof.HeapDump}.
 */
@NullMarked
package dev.weft.weaver.tasks.hprof;

import org.jspecify.annotations.NullMarked;
