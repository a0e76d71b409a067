// Elements of object arrays pass through awaits, and arrays come out of them.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ElementThroughAwait {
  static CompletableFuture<String> run(Source s) {
    Object[] objects = {"text", 5, new int[] {1, 2}};
    String text = (String) await(s.of(objects[0]));
    objects[1] = await(s.of(objects[1]));
    int[] ints = await(s.of((int[]) objects[2]));
    ints[0]++;
    ints[await(s.of(1))] += 40;
    int[] again = await(s.of(new int[] {7}));
    again[0]++;
    String[][] grid = await(s.of(new String[][] {{"g"}}));
    grid[0][0] += await(s.of("h"));
    return CompletableFuture.completedFuture(
        text + objects[1] + Arrays.toString(ints) + again[0] + grid[0][0] + await(s.of(new long[3])).length);
  }
}
