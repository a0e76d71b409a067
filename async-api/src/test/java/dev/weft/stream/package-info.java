/** Streams, their operators and bridges. */
@NullMarked
package dev.weft.stream;

import org.jspecify.annotations.NullMarked;
