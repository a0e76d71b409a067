/** Tests of the Maven plugin. */
@NullMarked
package dev.weft.weaver.maven;

import org.jspecify.annotations.NullMarked;
