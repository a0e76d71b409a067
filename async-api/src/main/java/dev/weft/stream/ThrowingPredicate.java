package dev.weft.stream;

/**
 * A condition whose test may throw anything.
 *
 * <pre>{@code
 * ThrowingPredicate<Path> hidden = Files::isHidden; // throws IOException
 * }</pre>
 */
@FunctionalInterface
public interface ThrowingPredicate<T> {
  /** True if it holds. */
  boolean test(T element) throws Exception;
}
