/**
 * Which executors live, and what is alive on each: what a dump of tasks is taken of. The executors
 * enter themselves.
 */
@NullMarked
package dev.weft.dump.live;

import org.jspecify.annotations.NullMarked;
