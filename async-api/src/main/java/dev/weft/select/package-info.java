/**
 * Waiting for the first of several operations, such that the others have not happened. {@link
 * dev.weft.select.Selectable} is an operation that can be taken back for as long as nothing has
 * come of it; {@link dev.weft.select.Claim} decides which of several happens.
 */
@NullMarked
package dev.weft.select;

import org.jspecify.annotations.NullMarked;
