/**
 * Async streams: elements that are awaited one after the other ({@link
 * dev.weft.stream.AsyncStream}), and async methods that make them.
 */
@NullMarked
package dev.weft.stream;

import org.jspecify.annotations.NullMarked;
