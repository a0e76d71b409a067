/**
 * Log lines that hold up nobody: {@link dev.weft.log.LogQueue} takes them off the thread that says
 * them, {@link dev.weft.log.LimitedLog} lets one a second pass of those that anybody outside can
 * cause, and says how many there were.
 *
 * <p>For a server's own lines as well as for Weft's. Knows nothing of executors and tasks.
 */
@NullMarked
package dev.weft.log;

import org.jspecify.annotations.NullMarked;
