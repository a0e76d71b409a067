package com.example.shop;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PriceController {
  private final WorkStealingExecutor executor;

  PriceController(WorkStealingExecutor executor) {
    this.executor = executor;
  }

  @GetMapping("/price/{item}")
  CompletableFuture<String> price(@PathVariable String item) {
    return executor.spawn(() -> priceOf(item));
  }

  /** Awaits; its thread is a worker's. */
  private CompletableFuture<String> priceOf(String item) {
    if (item.equals("unicorn")) {
      throw new NoSuchItemException(item);
    }
    await(Async.sleep(Duration.ofMillis(10)));
    long cents = await(Async.spawnBlocking(() -> item.length() * 100L));
    if (item.equals("yeti")) {
      throw new NoSuchItemException(item);
    }
    return CompletableFuture.completedFuture(
        item + ": " + cents + " cents, by " + Thread.currentThread().getName());
  }

  @ExceptionHandler
  @ResponseStatus(HttpStatus.NOT_FOUND)
  String noSuchItem(NoSuchItemException e) {
    return e.getMessage();
  }

  static class NoSuchItemException extends RuntimeException {
    NoSuchItemException(String item) {
      super("there is no " + item);
    }
  }
}
