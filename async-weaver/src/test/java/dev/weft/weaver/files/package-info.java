/** Tests of weaving on disk, and the small projects that they and the shells' tests work on. */
@NullMarked
package dev.weft.weaver.files;

import org.jspecify.annotations.NullMarked;
