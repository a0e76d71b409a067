/**
 * The weaver over what a compiler has left on disk: directories of class files, single class files
 * and jars, rewritten in place. What the Maven plugin and the command line have in common.
 *
 * <p>Start at {@link dev.weft.weaver.files.DirectoryWeaver}.
 */
@NullMarked
package dev.weft.weaver.files;

import org.jspecify.annotations.NullMarked;
