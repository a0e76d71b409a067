package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Async;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An async method to be looked at with a debugger. The tests find its lines by their comments. */
final class Debugged {
  private Debugged() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(receipt("tea", 3).get(240, TimeUnit.SECONDS));
  }

  static CompletableFuture<String> receipt(String item, int count) {
    long price = count * 250L; // before the await
    await(Async.sleep(Duration.ofMillis(1))); // the await
    String text = item + " " + price; // after the await
    for (int i = 0; i < count; i++) {
      text += "."; // in the loop
    }
    text += await(CompletableFuture.completedFuture("!")); // a ready await
    int length = text.length(); // after the ready await
    return CompletableFuture.completedFuture(text + length);
  }
}
