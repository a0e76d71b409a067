/** Tests of the page: what its server answers, and what a browser makes of it. */
@NullMarked
package dev.weft.inspect;

import org.jspecify.annotations.NullMarked;
