/**
 * How long a server takes from the start of its process to its first echo, and to its full speed.
 */
@NullMarked
package dev.weft.perf.startup;

import org.jspecify.annotations.NullMarked;
