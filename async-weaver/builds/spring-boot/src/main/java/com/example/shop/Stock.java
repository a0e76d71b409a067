package com.example.shop;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

/** Work in the background, for as long as the application runs: closing the executor cancels it. */
@Component
class Stock implements CommandLineRunner {
  private static final Logger LOG = LoggerFactory.getLogger(Stock.class);

  private final WorkStealingExecutor executor;

  Stock(WorkStealingExecutor executor) {
    this.executor = executor;
  }

  @Override
  public void run(String... args) {
    executor.spawn(this::refreshForever);
  }

  private CompletableFuture<Void> refreshForever() {
    try {
      while (true) {
        await(Async.sleep(Duration.ofSeconds(1)));
      }
    } finally {
      LOG.info("the stock is refreshed no more");
    }
  }
}
