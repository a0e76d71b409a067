// Locals that were read out of arrays keep their type across an await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ArrayElements {
  static class Node {
    Node[] children = {};
    String name = "node";
  }

  static CompletableFuture<String> run(Source s) {
    String[] strings = {"ab", "c"};
    String first = strings[0];
    int[][] grid = {{1, 2}, {3}};
    int[] row = grid[0];
    Node node = new Node();
    node.children = new Node[] {new Node(), null};
    Node child = node.children[0];
    CharSequence[][] nested = {{"x"}, {"yz"}};
    CharSequence inner = nested[1][0];
    await(s.of(1));
    int n = first.length() + row.length + row[1] + child.name.length() + inner.length();
    Node none = node.children[await(s.of(1))];
    Object[] objects = strings;
    Object element = objects[1];
    await(s.of(2));
    return CompletableFuture.completedFuture(n + " " + none + element + strings[await(s.of(1))].length());
  }
}
