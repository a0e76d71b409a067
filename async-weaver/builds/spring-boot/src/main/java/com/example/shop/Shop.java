package com.example.shop;

import dev.weft.WorkStealingExecutor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Shop {
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }

  /** What the handlers run on; closed when the application ends. */
  @Bean(destroyMethod = "close")
  WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().build();
  }
}
