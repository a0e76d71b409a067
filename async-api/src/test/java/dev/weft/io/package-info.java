/** Files and child processes. */
@NullMarked
package dev.weft.io;

import org.jspecify.annotations.NullMarked;
