/**
 * How fast are classes woven, and what does the agent add to an application's start?
 *
 * <ul>
 *   <li>{@link dev.weft.perf.weaving.ClassesWithoutAwait}: classes that have nothing to weave
 *   <li>{@link dev.weft.perf.weaving.AsyncMethods}: those that have
 *   <li>{@link dev.weft.perf.weaving.AgentStartUp}: a server's start, with the agent and without
 * </ul>
 */
@NullMarked
package dev.weft.perf.weaving;

import org.jspecify.annotations.NullMarked;
