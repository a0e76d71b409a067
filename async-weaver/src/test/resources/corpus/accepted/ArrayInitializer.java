// Awaits inside array initializers, of references, primitives, and arrays of arrays.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ArrayInitializer {
  static CompletableFuture<String> run(Source s) {
    int[] ints = {1, await(s.of(2)), 3, await(s.of(4))};
    long[] longs = {await(s.of(5L)), 6};
    String[] strings = {await(s.of("a")), "b", await(s.of((String) null))};
    int[][] grid = {{1, await(s.of(2))}, new int[await(s.of(3))], {await(s.of(4))}};
    Object[] objects = new Object[] {ints.length, await(s.of(new int[] {7, 8})), new String[] {await(s.of("z"))}};
    int[][][] cube = new int[await(s.of(2))][await(s.of(3))][];
    return CompletableFuture.completedFuture(
        Arrays.toString(ints) + Arrays.toString(longs) + Arrays.toString(strings)
            + Arrays.deepToString(grid) + Arrays.deepToString(objects) + Arrays.deepToString(cube));
  }
}
