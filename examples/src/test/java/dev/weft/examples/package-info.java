/** The examples, at work. */
@NullMarked
package dev.weft.examples;

import org.jspecify.annotations.NullMarked;
