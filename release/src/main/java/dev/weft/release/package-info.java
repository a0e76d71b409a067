/**
 * Looks at what is to be published. {@link dev.weft.release.ReleaseCheck} reads the folder that
 * {@code mvn -Prelease deploy} has filled and says whether Maven Central will take it; {@link
 * dev.weft.release.ApiBaseline} writes the API of async-api to a file, which later versions are
 * compared with. Neither is published.
 */
@NullMarked
package dev.weft.release;

import org.jspecify.annotations.NullMarked;
