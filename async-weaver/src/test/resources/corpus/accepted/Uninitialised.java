// Nested new with branches, loops in arguments by way of helper calls, and an await at the very end.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Uninitialised {
  static class Node {
    final Node left;
    final String label;
    final Node right;

    Node(Node left, String label, Node right) {
      this.left = left;
      this.label = label;
      this.right = right;
    }

    @Override
    public String toString() {
      return "(" + (left == null ? "" : left) + label + (right == null ? "" : right) + ")";
    }
  }

  static CompletableFuture<Node> tree(Source s, int depth, String path) {
    if (depth == 0) {
      return s.of(null);
    }
    return s.of(
        new Node(
            depth > 1 ? await(tree(s, depth - 1, path + "l")) : null,
            path + await(s.of(depth)),
            depth > 1 ? await(tree(s, depth - 1, path + "r")) : null));
  }

  static CompletableFuture<String> run(Source s) {
    return s.of("" + await(tree(s, 3, "")));
  }
}
