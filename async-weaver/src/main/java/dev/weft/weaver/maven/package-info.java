/**
 * The Maven plugin, goal prefix {@code weft}: {@code weave} for the main classes, {@code
 * weave-tests} for those of the tests. Thin: what it does to a directory is in {@link
 * dev.weft.weaver.files}.
 */
@NullMarked
package dev.weft.weaver.maven;

import org.jspecify.annotations.NullMarked;
