@NullMarked
package dev.weft.weaver.tasks.hprof;

import org.jspecify.annotations.NullMarked;
