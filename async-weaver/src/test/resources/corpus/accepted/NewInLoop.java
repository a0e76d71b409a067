// An object under construction, inside a loop, inside a try, inside an argument list.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;
import java.util.function.*;

class NewInLoop {
  static class Item {
    final String text;

    Item(String text, int n) {
      if (n == 2) {
        throw new IllegalStateException("item " + text);
      }
      this.text = text + n;
    }
  }

  static String show(long a, Item item, Item other) {
    return a + item.text + other.text;
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (int i = 0; i < 4; i++) {
      try {
        r += show(await(s.of(1L)), new Item("a", await(s.of(i))), new Item(await(s.of("b")), i + 10));
      } catch (IllegalStateException e) { // warning: [WEFT045] catch (IllegalStateException) takes the CancellationException that the await in line 30 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        r += e.getMessage() + await(s.of("!"));
      }
    }
    Item[] items = {new Item("x", await(s.of(5))), null, new Item(await(s.of("y")), 6)};
    Supplier<Item> make = () -> new Item("lazy", 1);
    return s.of(r + items[0].text + items[2].text + make.get().text);
  }
}
