/** Locks and their kind, alone, over seeds, and under load. */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
