/**
 * The Gradle plugin {@code dev.weft.weaver}. Thin: what it does to a directory is in {@link
 * dev.weft.weaver.files}.
 */
@NullMarked
package dev.weft.weaver.gradle;

import org.jspecify.annotations.NullMarked;
