/** Tests of what the scan looks for. */
@NullMarked
package dev.weft.weaver.scan;

import org.jspecify.annotations.NullMarked;
