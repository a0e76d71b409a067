/** Channels between tasks. */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
