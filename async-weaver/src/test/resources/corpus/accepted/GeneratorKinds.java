// Generators as instance methods, lambdas, in interfaces; of wide parameters; recursive.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class GeneratorKinds {
  record Node(String name, Node left, Node right) {}

  interface Words {
    String word();

    default AsyncStream<String> words(Source s, int times) {
      for (; times > 0; times--) {
        emit(await(s.of(word())) + times);
      }
      return end();
    }
  }

  private final String name;

  GeneratorKinds(String name) {
    this.name = name;
  }

  private AsyncStream<String> named(Source s, long wide, double wider, int[] numbers) {
    long sum = wide;
    for (int number : numbers) {
      sum += await(s.of(number));
      double half = wider / 2;
      emit(name + sum + half);
      wider = half;
    }
    return end();
  }

  static AsyncStream<String> walk(Source s, Node node) {
    if (node != null) {
      try (AsyncStream<String> left = walk(s, node.left())) {
        for (String name; (name = await(left.next())) != null; ) {
          emit(name);
        }
      }
      emit(await(s.of(node.name())));
      AsyncStream<String> right = walk(s, node.right());
      for (String name; (name = await(right.next())) != null; ) {
        emit(name);
      }
    }
    return end();
  }

  synchronized AsyncStream<String> once(Source s) {
    s.log(Thread.holdsLock(this) ? "held" : "free");
    return end();
  }

  static CompletableFuture<String> join(Source s, AsyncStream<?> stream) {
    StringBuilder all = new StringBuilder();
    for (Object next; (next = await(stream.next())) != null; ) {
      all.append(next).append(' ');
    }
    return s.of(all.toString());
  }

  static CompletableFuture<String> run(Source s) {
    String outer = "o";
    Supplier<AsyncStream<Integer>> lambda =
        () -> {
          for (int i = 0; i < 2; i++) {
            emit(await(s.of(outer)).length() + i);
          }
          return end();
        };
    Words words = () -> "w";
    GeneratorKinds kinds = new GeneratorKinds("n");
    Node tree = new Node("d", new Node("b", new Node("a", null, null), null), new Node("e", null, null));
    return CompletableFuture.completedFuture(
        await(join(s, lambda.get()))
            + await(join(s, words.words(s, 2)))
            + await(join(s, kinds.named(s, 1L << 40, 8.0, new int[] {1, 2})))
            + await(join(s, walk(s, tree)))
            + await(join(s, kinds.once(s))));
  }
}
