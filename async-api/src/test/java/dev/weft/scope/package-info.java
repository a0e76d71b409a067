/** Tasks that do not outlive the block in which they were forked. */
@NullMarked
package dev.weft.scope;

import org.jspecify.annotations.NullMarked;
