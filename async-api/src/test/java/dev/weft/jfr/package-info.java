@NullUnmarked
package dev.weft.jfr;

import org.jspecify.annotations.NullUnmarked;
