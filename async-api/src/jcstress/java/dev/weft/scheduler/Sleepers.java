package dev.weft.scheduler;

/** The {@link IdleSet}, for races between what it and other rooms announce to each other. */
public final class Sleepers {
  private final IdleSet idle;

  public Sleepers(int workers) {
    idle = new IdleSet(workers);
  }

  /** As a worker does that goes to sleep without having searched. */
  public void sleep(int worker) {
    idle.sleep(worker, false);
  }

  public int sleeping() {
    return idle.sleeping();
  }
}
