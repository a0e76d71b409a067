// Class literals of every kind live on the stack and in locals across awaits.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ClassConstants {
  static CompletableFuture<String> run(Source s) {
    Class<?> mine = ClassConstants.class;
    Class<?> array = int[][].class;
    Class<?> primitive = long.class;
    String r = String.class.getSimpleName() + await(s.of(Map.Entry.class)).getSimpleName();
    return s.of(mine.getSimpleName() + array.getSimpleName() + primitive + r + await(s.of(void.class)));
  }
}
