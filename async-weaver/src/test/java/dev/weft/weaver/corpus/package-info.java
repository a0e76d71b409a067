/**
 * The weaver's corpus: small sources, each one shape of an async method, compiled by the running
 * JDK's own compiler, woven, verified, and run against their own blocking run.
 *
 * <p>A shape is a file in {@code src/test/resources/corpus/accepted}; {@link
 * dev.weft.weaver.corpus.Shape} says what may stand in it. To add one, add a file.
 */
@NullMarked
package dev.weft.weaver.corpus;

import org.jspecify.annotations.NullMarked;
