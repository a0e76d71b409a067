// Pattern switch over sealed types, with guards and null.
// release: 21
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class SwitchPatterns {
  sealed interface Shape permits Circle, Square, Group {}

  record Circle(double radius) implements Shape {}

  record Square(int side) implements Shape {}

  record Group(List<Shape> members, String name) implements Shape {}

  static CompletableFuture<String> describe(Source s, Shape shape) {
    String r =
        switch (shape) {
          case null -> await(s.of("null"));
          case Circle c when c.radius() > await(s.of(10.0)) -> "big circle " + await(s.of(c)).radius();
          case Circle c -> "circle " + await(s.of(1)) + c.radius();
          case Square q -> {
            int side = q.side();
            yield "square " + side * await(s.of(side));
          }
          case Group g -> {
            StringBuilder b = new StringBuilder(g.name());
            for (Shape member : g.members()) {
              b.append('[').append(await(describe(s, member))).append(']');
            }
            yield b.toString();
          }
        };
    return s.of(r);
  }

  static CompletableFuture<String> object(Source s, Object o) {
    switch (await(s.of(o))) {
      case String t when t.isEmpty() -> s.log(await(s.of("empty")));
      case String t -> s.log(await(s.of(t)) + t);
      case Integer i when i > await(s.of(5)) -> s.log("big " + i + await(s.of("!")));
      case int[] a -> s.log(a.length + await(s.of(a.length)));
      default -> s.log(await(s.of("default")));
    }
    return s.of("o");
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (Object o : new Object[] {"", "t", 3, 8, new int[2]}) {
      r += await(object(s, o));
    }
    Shape all = new Group(java.util.Arrays.asList(new Circle(11), new Circle(2), new Square(3), null), "g");
    return CompletableFuture.completedFuture(r + await(describe(s, all)));
  }
}
