/**
 * The command line, in the same jar as the agent: {@code weave} and {@code explain}. Errors are one
 * line each; the exit code is 0, 1 if something could not be woven, or 2 if the command was wrong.
 */
@NullMarked
package dev.weft.weaver.cli;

import org.jspecify.annotations.NullMarked;
