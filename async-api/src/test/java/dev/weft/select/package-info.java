/** The first of several operations. */
@NullMarked
package dev.weft.select;

import org.jspecify.annotations.NullMarked;
