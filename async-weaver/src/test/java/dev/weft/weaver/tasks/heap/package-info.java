@NullMarked
package dev.weft.weaver.tasks.heap;

import org.jspecify.annotations.NullMarked;
