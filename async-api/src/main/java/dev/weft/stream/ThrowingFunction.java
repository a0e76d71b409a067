package dev.weft.stream;

import org.jspecify.annotations.Nullable;

/**
 * A function of an element that may throw anything, for lambdas that declare nothing.
 *
 * <pre>{@code
 * ThrowingFunction<Path, String> text = Files::readString; // throws IOException
 * }</pre>
 */
@FunctionalInterface
public interface ThrowingFunction<T, R extends @Nullable Object> {
  /** Makes one thing of another. */
  R apply(T element) throws Exception;
}
