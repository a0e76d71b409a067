// Numeric conversions and reference casts of awaited results; a failing cast.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Casts {
  static CompletableFuture<String> run(Source s) {
    int narrow = (int) (long) await(s.of(1L << 33 | 5));
    double wide = await(s.of(3));
    byte b = (byte) (int) await(s.of(300));
    char c = (char) (await(s.of((short) 65)) + 1);
    Object o = await(s.of("text"));
    CharSequence chars = (CharSequence) o;
    int n = (Integer) await(s.of((Object) 7)) + (int) await(s.of(2.9)).doubleValue();
    await(s.of(1));
    s.log(narrow + " " + wide + b + c + chars.length() + n);
    try {
      Integer wrong = (Integer) await(s.of(o));
      s.log(wrong);
    } catch (ClassCastException e) {
      s.log("ClassCastException");
    }
    Integer none = await(s.of((Integer) null));
    try {
      int unboxed = await(s.of(none));
    } catch (NullPointerException e) {
      s.log("NullPointerException");
    }
    return s.of("end");
  }
}
