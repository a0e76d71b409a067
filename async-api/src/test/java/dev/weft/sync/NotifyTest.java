package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** Who is told, and what is kept. */
class NotifyTest {
  private final Notify notify = new Notify();

  @Test
  void oneNotificationIsKept() {
    notify.notifyOne();
    notify.notifyOne();
    assertThat(notify.notified()).isDone();
    assertThat(notify.notified()).isNotDone();
  }

  @Test
  void tellsWhoCameFirst() {
    Task<Void> one = notify.notified();
    Task<Void> two = notify.notified();
    notify.notifyOne();
    assertThat(one).isDone();
    assertThat(two).isNotDone();
    notify.notifyOne();
    assertThat(two).isDone();
    assertThat(notify.notified()).isNotDone();
  }

  @Test
  void tellsAllWhoWaitAndKeepsNothing() {
    notify.notifyWaiters();
    Task<Void> one = notify.notified();
    Task<Void> two = notify.notified();
    notify.notifyWaiters();
    assertThat(one).isDone();
    assertThat(two).isDone();
    assertThat(notify.notified()).isNotDone();
  }

  @Test
  void aNotificationThatReachesNobodyGoesToTheNext() {
    Task<Void> one = notify.notified();
    Task<Void> two = notify.notified();
    notify.notifyOne();
    Abandoning.abandoned(one);
    assertThat(two).isDone();
    Abandoning.abandoned(two);
    Task<Void> kept = notify.notified();
    assertThat(kept).isDone();
    Abandoning.abandoned(kept);
    assertThat(notify.notified()).isDone();
  }

  @Test
  void oneOfThoseWhoWereAllToldPassesNothingOn() {
    Task<Void> one = notify.notified();
    notify.notifyWaiters();
    Task<Void> later = notify.notified();
    Abandoning.abandoned(one);
    assertThat(later).isNotDone();
  }

  @Test
  void whoIsCancelledIsNotTold() {
    Task<Void> one = notify.notified();
    Task<Void> two = notify.notified();
    one.cancel(false);
    notify.notifyOne();
    assertThat(two).isDone();
  }
}
