package dev.weft.weaver.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Types that all generated programs use, so that not each has to declare its own. */
public final class Vocabulary {
  private Vocabulary() {}

  /** To be matched by pattern switches, which know its three cases. */
  public sealed interface Shape permits Circle, Pair, Tag {}

  /** The plainest shape. */
  public record Circle(int radius) implements Shape {}

  /** A shape to be taken apart again. */
  public record Pair(@Nullable Shape left, @Nullable Shape right) implements Shape {}

  /** A shape with a wide component. */
  public record Tag(@Nullable String name, long number) implements Shape {}

  /** To be switched on. */
  public enum Color {
    RED,
    GREEN,
    BLUE,
    BLACK
  }

  /** An async body, for lambdas and anonymous classes. */
  public interface Body<T extends @Nullable Object> {
    CompletableFuture<T> start();
  }

  /** A computation that awaits nothing. */
  public interface Function {
    int apply(int argument);
  }

  /** A subclass of {@code CompletableFuture} that an async method may return. */
  public static final class Promise<T extends @Nullable Object> extends CompletableFuture<T> {}

  /** An unchecked exception whose message is part of the trace. */
  public static class Unchecked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unchecked(@Nullable String message) {
      super(message);
    }
  }

  /** To be told apart from its superclass by a handler. */
  public static final class Narrower extends Unchecked {
    private static final long serialVersionUID = 1L;

    public Narrower(@Nullable String message) {
      super(message);
    }
  }

  /** A checked exception: an await may throw it without declaring it. */
  public static final class Checked extends Exception {
    private static final long serialVersionUID = 1L;

    public Checked(@Nullable String message) {
      super(message);
    }
  }

  /** An error of the program's own. */
  public static final class Broken extends Error {
    private static final long serialVersionUID = 1L;

    public Broken(@Nullable String message) {
      super(message);
    }
  }

  /** A modifiable list. */
  public static List<String> list(String... elements) {
    return new ArrayList<>(List.of(elements));
  }

  /** Takes a variable number of arguments. */
  public static int sum(int first, int... more) {
    int sum = first;
    for (int each : more) {
      sum = sum * 31 + each;
    }
    return sum;
  }

  /** Takes a wide argument between narrow ones. */
  public static int mixed(int a, long b, @Nullable String c, double d) {
    return a + 3 * (int) b + (c == null ? 7 : c.length()) + (int) d;
  }

  /** The type of the argument is the compiler's choice. */
  public static <T extends @Nullable Object> T same(T value) {
    return value;
  }

  /** Has a future below the other argument while that is computed. */
  public static int beside(@Nullable CompletableFuture<?> future, int number) {
    return future == null ? -number : number;
  }

  /** The same, with numbers on both sides. */
  public static int between(int first, @Nullable CompletableFuture<?> future, long last) {
    return future == null ? first : first - (int) last;
  }

  /** A future that waits below the other argument, and is used then. */
  public static <F extends @Nullable CompletableFuture<Integer>> F chosen(F future, int number) {
    return future;
  }
}
