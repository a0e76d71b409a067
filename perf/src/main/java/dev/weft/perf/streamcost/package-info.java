/** What an element of a stream costs. */
@NullMarked
package dev.weft.perf.streamcost;

import org.jspecify.annotations.NullMarked;
