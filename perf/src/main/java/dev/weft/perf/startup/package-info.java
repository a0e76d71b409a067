/** How long a server takes from the start of its process to its first echo. */
@NullMarked
package dev.weft.perf.startup;

import org.jspecify.annotations.NullMarked;
