/**
 * What is known about a method's bytecode before it is split: types, live locals, held monitors.
 * Reads stack maps, loads no classes, changes nothing.
 */
@NullMarked
package dev.weft.weaver.analysis;

import org.jspecify.annotations.NullMarked;
