package dev.weft.weaver.lifetimes;

import java.util.concurrent.CompletableFuture;

/** What runs trees. */
public interface Program {
  /** Runs the tree of a call. */
  CompletableFuture<Integer> run(Call root);
}
