// An await among the arguments of new: the object is not yet made while the method is suspended.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ConstructorArguments {
  static class Point {
    final int x;
    final long y;
    final String name;

    Point(int x, long y, String name) {
      this.x = x;
      this.y = y;
      this.name = name;
    }

    Point(Point other, Point more) {
      this(other.x + more.x, other.y * more.y, other.name + more.name);
    }

    @Override
    public String toString() {
      return x + "/" + y + "/" + name;
    }
  }

  static CompletableFuture<String> run(Source s) {
    Point a = new Point(await(s.of(1)), 2, "a");
    Point b = new Point(1, await(s.of(2L)), await(s.of("b")));
    Point c = new Point(new Point(await(s.of(5)), 6, "c"), new Point(7, 8, await(s.of("d"))));
    Point d = new Point(new Point(a, new Point(1, 1, await(s.of("e")))), new Point(b, c));
    String t = new StringBuilder(await(s.of("sb"))).append(new String(await(s.of("x")).toCharArray())).toString();
    new Point(await(s.of(1)), 2, "dropped");
    throwing(s);
    return CompletableFuture.completedFuture(a + " " + b + " " + c + " " + d + t);
  }

  static void throwing(Source s) {
    s.log("throwing");
  }
}
