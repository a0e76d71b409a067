// Generic methods and classes: results of a type variable, bounds, intersections, casts.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class Generics {
  static class Cell<T extends Comparable<T>> {
    T value;

    Cell(T value) {
      this.value = value;
    }

    CompletableFuture<T> max(Source s, Cell<? extends T> other) {
      T mine = await(s.of(value));
      T theirs = await(s.of(other.value));
      return s.of(mine.compareTo(theirs) >= 0 ? mine : await(s.of(theirs)));
    }
  }

  static <T, C extends Collection<T>> CompletableFuture<C> fill(Source s, Supplier<C> make, List<? extends T> from) {
    C into = make.get();
    for (T each : from) {
      into.add(await(s.of(each)));
    }
    return s.of(into);
  }

  static <T extends CharSequence & Comparable<T>> CompletableFuture<Integer> both(Source s, T a, T b) {
    T kept = await(s.of(a));
    int n = kept.length() + await(s.of(b)).length();
    return s.of(n + Integer.signum(kept.compareTo(b)));
  }

  static CompletableFuture<String> intersection(Source s) {
    var r = (Supplier<CompletableFuture<String>> & java.io.Serializable) () -> s.of(await(s.of("ser")));
    return s.of(await(r.get()) + (r instanceof java.io.Serializable));
  }

  static <R> CompletableFuture<R> id(Source s, CompletionStage<R> stage) {
    R result = await(stage);
    await(s.of(1));
    return s.of(result);
  }

  static CompletableFuture<String> run(Source s) {
    String max = await(new Cell<>("a").max(s, new Cell<>("b")));
    ArrayList<Number> list = await(Generics.<Number, ArrayList<Number>>fill(s, ArrayList::new, List.of(1, 2.5)));
    int[] array = await(id(s, s.of(new int[] {1, 2})));
    long unboxed = await(id(s, s.of(3L))) + 1;
    return CompletableFuture.completedFuture(
        max + list + await(both(s, "x", "yy")) + await(intersection(s)) + array[1] + unboxed);
  }
}
