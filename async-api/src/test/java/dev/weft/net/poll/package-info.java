/** What stands between the kernel and the channels, each for itself. */
@NullMarked
package dev.weft.net.poll;

import org.jspecify.annotations.NullMarked;
