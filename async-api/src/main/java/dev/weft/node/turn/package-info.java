/**
 * What Node puts around each callback: the queues of ticks, microtasks and unhandled rejections,
 * which are worked off after it, and the hooks that get what it has thrown. Knows nothing of the
 * phases, which call it.
 */
@NullMarked
package dev.weft.node.turn;

import org.jspecify.annotations.NullMarked;
