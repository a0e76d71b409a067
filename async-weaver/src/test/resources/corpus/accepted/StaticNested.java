// Async methods in static nested classes, called through static and instance paths.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class StaticNested {
  static class Service {
    static int calls;
    private final Map<String, Integer> store = new HashMap<>();

    CompletableFuture<Integer> get(Source s, String key) {
      calls++;
      Integer found = store.get(key);
      if (found == null) {
        found = await(load(s, key));
        store.put(key, found);
      }
      return s.of(found);
    }

    private static CompletableFuture<Integer> load(Source s, String key) {
      return s.of(key.length() * await(s.of(10)));
    }
  }

  static CompletableFuture<String> run(Source s) {
    Service.calls = 0;
    Service service = new Service();
    int sum = await(service.get(s, "ab")) + await(service.get(s, "ab")) + await(service.get(s, "abc"));
    return s.of(sum + " " + Service.calls + new java.util.TreeMap<>(service.store));
  }
}
