package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** Readers together, writers alone, in the order in which they came. */
class AsyncRwLockTest {
  private final AsyncRwLock lock = new AsyncRwLock();

  @Test
  void readersReadTogether() {
    AsyncRwLock.ReadHeld one = lock.read().join();
    AsyncRwLock.ReadHeld two = lock.tryRead();
    assertThat(two).isNotNull();
    assertThat(lock.tryWrite()).isNull();
    Task<AsyncRwLock.WriteHeld> writer = lock.write();
    one.close();
    assertThat(writer).isNotDone();
    two.close();
    assertThat(writer).isDone();
    assertThat(lock.tryRead()).isNull();
    writer.join().close();
    assertThat(lock).hasToString("AsyncRwLock[free]");
  }

  @Test
  void aReaderWaitsBehindAWriterThatWaits() {
    AsyncRwLock.ReadHeld reading = lock.read().join();
    Task<AsyncRwLock.WriteHeld> writer = lock.write();
    Task<AsyncRwLock.ReadHeld> reader = lock.read();
    assertThat(lock.tryRead()).isNull();
    assertThat(reader).isNotDone();
    reading.close();
    assertThat(reader).isNotDone();
    writer.join().close();
    assertThat(reader).isDone();
  }

  @Test
  void readersInARowComeInTogether() {
    AsyncRwLock.WriteHeld writing = lock.write().join();
    Task<AsyncRwLock.ReadHeld> one = lock.read();
    Task<AsyncRwLock.ReadHeld> two = lock.read();
    Task<AsyncRwLock.WriteHeld> writer = lock.write();
    Task<AsyncRwLock.ReadHeld> three = lock.read();
    writing.close();
    assertThat(one).isDone();
    assertThat(two).isDone();
    assertThat(three).isNotDone();
    one.join().close();
    two.join().close();
    assertThat(writer).isDone();
  }

  @Test
  void whenAWriterGivesUpReadersGoOn() {
    lock.read().join();
    Task<AsyncRwLock.WriteHeld> writer = lock.write();
    Task<AsyncRwLock.ReadHeld> reader = lock.read();
    writer.cancel(false);
    assertThat(reader).isDone();
  }

  @Test
  void aWriterBecomesAReader() {
    AsyncRwLock.WriteHeld writing = lock.write().join();
    Task<AsyncRwLock.ReadHeld> reader = lock.read();
    Task<AsyncRwLock.WriteHeld> writer = lock.write();
    AsyncRwLock.ReadHeld reading = writing.downgrade();
    assertThat(reader).isDone();
    assertThat(writer).isNotDone();
    reader.join().close();
    assertThat(writer).isNotDone();
    reading.close();
    assertThat(writer).isDone();
  }

  @Test
  void whatIsNotHeldCannotBeGivenBack() {
    AsyncRwLock.WriteHeld writing = lock.write().join();
    AsyncRwLock.ReadHeld reading = writing.downgrade();
    assertThatThrownBy(writing::close).isInstanceOf(IllegalStateException.class);
    reading.close();
    assertThatThrownBy(reading::close).isInstanceOf(IllegalStateException.class);
    assertThat(lock.tryWrite()).isNotNull();
  }
}
