// Arrays of type variables, generic varargs and element locals of a type variable.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class GenericArrays {
  static <T extends Comparable<T>> CompletableFuture<T> largest(Source s, T[] all) {
    T best = all[0];
    for (T each : all) {
      T kept = best;
      best = each.compareTo(await(s.of(kept))) > 0 ? each : kept;
    }
    return s.of(best);
  }

  @SafeVarargs
  static <T> CompletableFuture<T[]> swap(Source s, T... all) {
    T first = all[0];
    all[0] = await(s.of(all[1]));
    all[1] = first;
    return s.of(all);
  }

  static CompletableFuture<String> run(Source s) {
    List<String>[] lists = new List[] {List.of("x"), List.of()};
    List<String> one = lists[0];
    String best = await(largest(s, new String[] {"b", "c", "a"}));
    String[] swapped = await(swap(s, "l", "r"));
    return s.of(best + swapped[0] + swapped[1] + one.get(await(s.of(0))) + lists[1].size());
  }
}
