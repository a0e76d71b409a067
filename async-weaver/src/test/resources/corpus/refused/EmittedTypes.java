// emit of what cannot be of the generator's element type.
package shapes;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.stream.AsyncStream;
import dev.weft.weaver.corpus.Source;
import java.util.List;
import java.util.Map;

class EmittedTypes {
  static class Row {}

  static AsyncStream<Row> rows(Source s) {
    emit(new Row());
    emit("text"); // error: [WEFT014] emit of a java.lang.String in the generator rows, whose elements are of the type shapes.EmittedTypes$Row: whoever reads them would get a ClassCastException. Emit what the method's return type says, or change that
    emit(await(s.of("x")).length()); // error: [WEFT014] emit of a java.lang.Integer in the generator rows, whose elements are of the type shapes.EmittedTypes$Row: whoever reads them would get a ClassCastException. Emit what the method's return type says, or change that
    return end();
  }

  static AsyncStream<Long> numbers() {
    emit(1); // error: [WEFT014] emit of a java.lang.Integer in the generator numbers, whose elements are of the type java.lang.Long: whoever reads them would get a ClassCastException. Emit what the method's return type says, or change that
    return end();
  }

  <T extends Comparable<T>, E extends Exception> AsyncStream<? extends Map.Entry<T, E>[]> arrays(T[] some) throws E {
    emit(some);
    emit(new Object[0]);
    emit("text"); // error: [WEFT014] emit of a java.lang.String in the generator arrays, whose elements are of the type java.util.Map$Entry[]: whoever reads them would get a ClassCastException. Emit what the method's return type says, or change that
    return end();
  }

  static AsyncStream<byte[]> bytes(List<byte[]> all) {
    emit(all.get(0));
    emit(new int[0]); // error: [WEFT014] emit of a int[] in the generator bytes, whose elements are of the type byte[]: whoever reads them would get a ClassCastException. Emit what the method's return type says, or change that
    emit(new byte[0]);
    return end();
  }
}
