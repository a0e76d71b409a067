/** Jumps of more than 32 KiB, written before ASM would have to widen them. */
@NullMarked
package dev.weft.weaver.jumps;

import org.jspecify.annotations.NullMarked;
