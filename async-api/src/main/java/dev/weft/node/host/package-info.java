/**
 * By what the rooms of the event loop, and the handles that users hold, know the loop: a thread to
 * be on, and a home of workers and ports. Knows no other room.
 */
@NullMarked
package dev.weft.node.host;

import org.jspecify.annotations.NullMarked;
