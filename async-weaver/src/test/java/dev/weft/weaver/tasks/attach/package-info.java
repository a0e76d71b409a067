@NullMarked
package dev.weft.weaver.tasks.attach;

import org.jspecify.annotations.NullMarked;
