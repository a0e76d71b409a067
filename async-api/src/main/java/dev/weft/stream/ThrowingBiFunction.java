package dev.weft.stream;

/**
 * A function of two arguments that may throw anything.
 *
 * <pre>{@code
 * ThrowingBiFunction<Long, Path, Long> total = (sum, file) -> sum + Files.size(file);
 * }</pre>
 */
@FunctionalInterface
public interface ThrowingBiFunction<T, U, R> {
  /** Makes one thing of two. */
  R apply(T first, U second) throws Exception;
}
