/**
 * Finds the awaits of a class and refuses what cannot be woven, with file and line, before anything
 * is changed.
 */
@NullMarked
package dev.weft.weaver.scan;

import org.jspecify.annotations.NullMarked;
