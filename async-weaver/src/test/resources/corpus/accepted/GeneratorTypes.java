// Elements whose type the class file does not tell: of type variables, bounds, interfaces, wildcards, arrays.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class GeneratorTypes {
  static class Box<N extends Number> {
    final N content;

    Box(N content) {
      this.content = content;
    }

    N open() {
      return content;
    }
  }

  static AsyncStream<Integer> numbers(Source s, List<Integer> list, Box<Integer> box) {
    emit(list.get(0));
    emit(box.open());
    emit(box.content);
    emit(await(s.of("four")).length());
    Number number = 5;
    emit(number);
    return end();
  }

  static <T extends CharSequence> AsyncStream<T> generic(Source s, T one, T[] more) {
    emit(one);
    s.log(await(s.of("-")));
    for (T each : more) {
      emit(each);
    }
    return end();
  }

  static AsyncStream<CharSequence> interfaces(Source s, boolean flag) {
    emit(flag ? "text" : new StringBuilder(await(s.of("built"))));
    emit(flag ? (Comparable<?>) "c" : "d");
    return end();
  }

  static AsyncStream<? super Integer> upwards(Source s) {
    emit("text");
    emit(await(s.of("x")).length());
    return end();
  }

  @SuppressWarnings("rawtypes")
  static AsyncStream raw(Source s) {
    emit("text");
    emit(1);
    return end();
  }

  static AsyncStream<Object[]> arrays(Source s) {
    emit(new String[] {await(s.of("a"))});
    emit(new int[][] {{1}});
    return end();
  }

  static CompletableFuture<String> run(Source s) {
    List<Integer> list = List.of(1);
    try (var all = numbers(s, list, new Box<>(2))) {
      for (Integer n; (n = await(all.next())) != null; ) {
        s.log("number " + n);
      }
    }
    try (var all = generic(s, "one", new String[] {"two", "three"})) {
      for (String each; (each = await(all.next())) != null; ) {
        s.log(each);
      }
    }
    for (boolean flag : new boolean[] {true, false}) {
      try (var all = interfaces(s, flag)) {
        for (CharSequence each; (each = await(all.next())) != null; ) {
          s.log(each.toString());
        }
      }
    }
    try (var all = upwards(s)) {
      for (Object each; (each = await(all.next())) != null; ) {
        s.log("" + each);
      }
    }
    try (AsyncStream<?> all = raw(s)) {
      for (Object each; (each = await(all.next())) != null; ) {
        s.log("" + each);
      }
    }
    try (var all = arrays(s)) {
      for (Object[] each; (each = await(all.next())) != null; ) {
        s.log("" + each.length);
      }
    }
    return done("done");
  }
}
