/** The parts of the event loop, each for itself. */
@NullMarked
package dev.weft.net.loop;

import org.jspecify.annotations.NullMarked;
