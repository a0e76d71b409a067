/** Whether what is written is so: links, and examples. */
@NullMarked
package dev.weft.docs;

import org.jspecify.annotations.NullMarked;
