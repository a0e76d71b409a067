// Closes of an AsyncCloseable in ordinary methods, those that async methods call and those that may block.
package shapes;

import static dev.weft.Async.await;

import dev.weft.AsyncCloseable;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class UnawaitedCloses {
  private final AsyncCloseable res;

  UnawaitedCloses(AsyncCloseable res) {
    this.res = res;
  }

  void visible() {
    res.close(); // warning: [WEFT046] close() of an AsyncCloseable in visible, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make visible private
  }

  private void shared() {
    try (res) { // warning: [WEFT046] close() of an AsyncCloseable in shared, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make shared one that async methods of its class, and such methods, alone call (shared is called in ordinary, which is no such method)
      System.out.println();
    } // warning: [WEFT046] close() of an AsyncCloseable in shared, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make shared one that async methods of its class, and such methods, alone call (shared is called in ordinary, which is no such method)
  }

  void ordinary() {
    shared();
  }

  private synchronized void locked() {
    res.close(); // warning: [WEFT046] close() of an AsyncCloseable in locked, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make locked one that async methods of its class, and such methods, alone call (locked is synchronized)
  }

  private void below() {
    res.close(); // warning: [WEFT046] close() of an AsyncCloseable in below, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make below one that async methods of its class, and such methods, alone call (below is called in between, which is no such method)
  }

  void between() {
    below();
  }

  private void ofNested() {
    res.close(); // warning: [WEFT046] close() of an AsyncCloseable in ofNested, which returns no future, and which runs as part of the async method calls of the class shapes.UnawaitedCloses$Nested: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make ofNested one that async methods of its class, and such methods, alone call (ofNested is called in the class shapes.UnawaitedCloses$Nested)
  }

  static class Nested {
    static CompletableFuture<String> calls(UnawaitedCloses of, Source s) {
      of.ofNested();
      return s.of("x");
    }
  }

  private void ofEa() {
    res.close(); // warning: [WEFT046] close() of an AsyncCloseable in ofEa, which returns no future, and which runs as part of the async method byEa: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make ofEa one that async methods of its class, and such methods, alone call (ofEa is called in byEa, which follows EA Async's rules)
  }

  CompletableFuture<String> byEa(Source s) {
    ofEa();
    return s.of(com.ea.async.Async.await(s.of("y")));
  }

  /** Has no await, and would have one if it closed that itself. */
  static class Nothing {
    void end(AsyncCloseable res) {
      res.close(); // warning: [WEFT046] close() of an AsyncCloseable in end, which returns no future, and which runs as part of the async method run: on an executor's thread it is begun and not awaited, on others it blocks. Return a Task, or a CompletableFuture, and await that in the caller, or make end private
    }

    CompletableFuture<String> run(AsyncCloseable res) {
      end(res);
      return CompletableFuture.completedFuture("x");
    }
  }

  /** Blocks, as it is meant to. */
  void blocks() {
    try (res) {
      System.out.println();
    }
  }

  static void main(AsyncExecutor executor, UnawaitedCloses of) {
    of.blocks();
  }

  private String elsewhere() {
    res.close();
    return "";
  }

  CompletableFuture<String> run(Source s) {
    visible();
    shared();
    locked();
    between();
    await(dev.weft.Async.spawnBlocking(() -> elsewhere()));
    await(dev.weft.Async.spawnBlocking(this::elsewhere));
    return s.of(await(s.of("x")));
  }
}
