/**
 * The java agent: weaves classes while they are loaded, for code that was not built with the Maven
 * plugin.
 *
 * <p>{@link dev.weft.weaver.agent.WeaverAgent} is its door, both for {@code -javaagent} and for a
 * program that attaches the agent to its own JVM.
 */
@NullMarked
package dev.weft.weaver.agent;

import org.jspecify.annotations.NullMarked;
