/** Tests of the Gradle plugin. */
@NullMarked
package dev.weft.weaver.gradle;

import org.jspecify.annotations.NullMarked;
