/**
 * Generators: methods that return an {@code AsyncStream} and emit its elements. They are divided in
 * two before anything else looks at the class, so that all that follows sees an async method.
 */
@NullMarked
package dev.weft.weaver.generator;

import org.jspecify.annotations.NullMarked;
