package dev.weft;
public abstract class WorkStealingExecutor implements AsyncExecutor {
  public static WorkStealingExecutor shared() { throw new IllegalStateException(); }
}
