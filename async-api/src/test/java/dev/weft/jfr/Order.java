package dev.weft.jfr;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A call as the weaver would make it, of
 *
 * <pre>
 *   static Task&lt;String&gt; buy(Task&lt;String&gt; item, Task&lt;String&gt; price) { // Shop.java
 *     return done(await(item)     // line 10
 *         + await(price));        // line 11
 *   }
 * </pre>
 */
final class Order extends Frame<String> {
  static final String FIRST = "shop.Shop.buy(Shop.java:10)";
  static final String SECOND = "shop.Shop.buy(Shop.java:11)";

  private final Task<String> price;
  private String item;

  private Order(Task<String> price) {
    this.price = price;
  }

  static Task<String> buy(Task<String> item, Task<String> price) {
    Order call = new Order(price);
    call.park(item, 1);
    return call;
  }

  @Override
  protected Object resume() {
    String found = (String) Await.take(takeAwaited());
    if (state == 1) {
      item = found;
      park(price, 2);
      return SUSPENDED;
    }
    return Settled.value(item + " for " + found);
  }

  @Override
  protected String awaitTable() {
    return "shop.Shop\tbuy\tShop.java\t10\t11";
  }

  /** Spawns a task that buys, and sees it to its end, on one worker. */
  static long run(String thread) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name(thread).workers(1).noDriver().build()) {
      Task<String> item = new Task<>();
      Task<String> price = new Task<>();
      Task<String> order = executor.spawn("order", () -> buy(item, price));
      item.complete("a book");
      price.complete("3");
      order.get(60, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(60));
      return order.id();
    }
  }
}
