/** Proves that woven code is well-formed before anybody loads it. */
@NullMarked
package dev.weft.weaver.verify;

import org.jspecify.annotations.NullMarked;
