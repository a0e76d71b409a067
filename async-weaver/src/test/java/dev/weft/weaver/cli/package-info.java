/** Tests of the command line and of the jar that it comes in. */
@NullMarked
package dev.weft.weaver.cli;

import org.jspecify.annotations.NullMarked;
