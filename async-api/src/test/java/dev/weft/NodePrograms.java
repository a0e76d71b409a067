package dev.weft;

import java.util.function.LongSupplier;

/** Runs programs of node mode on a clock and a driver of the test's own. */
public final class NodePrograms {
  private NodePrograms() {}

  /** The exit code of a program. */
  public static int run(IoDriver driver, LongSupplier nanoClock, Runnable main)
      throws InterruptedException {
    return NodeExecutor.builder().driver(driver).nanoClock(nanoClock).run(main);
  }
}
