// equals, hashCode, toString and compareTo of awaited values, and boxed comparisons.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class ObjectMethods {
  static CompletableFuture<String> run(Source s) {
    Integer big = 1000;
    boolean same = await(s.of(big)) == big;
    boolean equal = await(s.of(1000)).equals(big);
    int order = await(s.of("b")).compareTo(await(s.of("a")));
    Optional<String> some = await(s.of(Optional.of("some")));
    int hash = await(s.of("x")).hashCode();
    return s.of("" + same + equal + order + some.map(x -> x + "!").orElse("none") + hash);
  }
}
