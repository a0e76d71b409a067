/** libuv's thread pool, for calls that block, and the task of such a call. */
@NullMarked
package dev.weft.node.pool;

import org.jspecify.annotations.NullMarked;
