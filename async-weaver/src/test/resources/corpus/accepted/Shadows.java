// The same name in sibling scopes and lambda parameters; a local named like a field.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

class Shadows {
  static String name = "static";

  static CompletableFuture<String> run(Source s) {
    String r = name;
    for (String name : List.of("a", "b")) {
      r += name + await(s.of(name));
    }
    {
      int name = await(s.of(3));
      r += name;
    }
    Function<String, CompletableFuture<String>> f = name -> s.of(name + await(s.of(Shadows.name)));
    String name = await(f.apply("f"));
    return s.of(r + name + Shadows.name);
  }
}
