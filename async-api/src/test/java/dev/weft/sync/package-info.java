/** Locks and their kind, and channels: alone, over seeds, and under load. */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
