/**
 * The memory that the connections of one executor share: {@link dev.weft.net.memory.MemoryBudget},
 * which promises each connection a little, and lends the rest to whoever needs it. Knows neither
 * sockets nor loops: a connection is an account ({@link dev.weft.net.memory.ConnectionMemory}),
 * which is told when it may read again.
 *
 * <p>Inside, from above: the budget is the lock and who is asked; {@link
 * dev.weft.net.memory.MemoryShares} counts what belongs to whom; {@link
 * dev.weft.net.memory.StoppedConnections} knows who waits; {@link dev.weft.net.memory.MemoryChunks}
 * has the direct memory itself, divided by {@link dev.weft.net.memory.BuddyBlocks} and handed out
 * as {@link dev.weft.net.memory.Piece}s.
 */
@NullMarked
package dev.weft.net.memory;

import org.jspecify.annotations.NullMarked;
