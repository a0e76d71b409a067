/** Tests of the weaver's options. */
@NullMarked
package dev.weft.weaver;

import org.jspecify.annotations.NullMarked;
