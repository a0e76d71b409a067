/**
 * Random async programs. Each is generated from a seed, compiled, run blocking as it is, and woven
 * by each engine and run with its futures completing at different times: whatever it traces and
 * returns has to be the same. A program that fails is shrunk to a small one that fails alike.
 */
@NullMarked
package dev.weft.weaver.generated;

import org.jspecify.annotations.NullMarked;
