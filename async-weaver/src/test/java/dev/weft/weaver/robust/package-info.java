/** Any bytes at all: damaged, hostile and foreign class files; what others have published. */
@NullMarked
package dev.weft.weaver.robust;

import org.jspecify.annotations.NullMarked;
