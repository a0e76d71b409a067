package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the page sees of the program that it is about. */
interface Program {
  /** The executors that there are to be chosen from, with their names, in order. */
  Map<AsyncExecutor, String> executors();

  /** One look at each task, and at each call that belongs to no task. */
  void forEach(Consumer<? super Sight> visitor);

  /** A look at one. */
  Optional<Sight> find(String key);

  /** Those who wait for each other and for nobody else, a text for each circle. */
  List<String> deadlocks();
}
