/** Values that have to be given back if they reach nobody. */
@NullMarked
package dev.weft.handoff;

import org.jspecify.annotations.NullMarked;
