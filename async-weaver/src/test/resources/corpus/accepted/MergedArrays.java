// A local that is an element of one array or of another one, by the path taken.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class MergedArrays {
  static CompletableFuture<String> pick(Source s, boolean which) {
    String[] strings = {"string"};
    StringBuilder[] builders = {new StringBuilder("builder")};
    CharSequence[] array = which ? strings : builders;
    CharSequence picked = array[0];
    await(s.of(1));
    int n = picked.length();
    CharSequence other = which ? strings[0] : builders[0];
    await(s.of(2));
    return CompletableFuture.completedFuture(picked + "" + other.charAt(0) + n + array.length);
  }

  static CompletableFuture<String> run(Source s) {
    return CompletableFuture.completedFuture(await(pick(s, true)) + await(pick(s, false)));
  }
}
