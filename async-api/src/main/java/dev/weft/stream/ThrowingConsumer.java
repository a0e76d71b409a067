package dev.weft.stream;

/**
 * What is done with an element, and may throw anything.
 *
 * <pre>{@code
 * ThrowingConsumer<Path> removal = Files::delete; // throws IOException
 * }</pre>
 */
@FunctionalInterface
public interface ThrowingConsumer<T> {
  /** Does it. */
  void accept(T element) throws Exception;
}
