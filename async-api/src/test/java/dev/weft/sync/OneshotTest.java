package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** One message, and what each end learns of the other. */
class OneshotTest {
  private final Oneshot<String> channel = new Oneshot<>();
  private final OneshotSender<String> sender = channel.sender();
  private final OneshotReceiver<String> receiver = channel.receiver();

  @Test
  void theMessageComesOnce() {
    Task<String> waits = receiver.receive();
    assertThat(sender.send("a")).isTrue();
    assertThat(waits.join()).isEqualTo("a");
    assertThat(receiver.receive().join()).isNull();
    assertThatThrownBy(() -> sender.send("b")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theReceiverLearnsThatThereWillBeNone() {
    Task<String> waits = receiver.receive();
    sender.close();
    assertThatThrownBy(waits::join).hasCauseInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(receiver::tryReceive).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void whatWasSentBeforeTheSenderIsClosedComes() {
    sender.send("a");
    sender.close();
    assertThat(receiver.tryReceive()).isEqualTo("a");
    assertThat(receiver.tryReceive()).isNull();
  }

  @Test
  void theSenderLearnsThatNobodyWaits() {
    Task<Void> closed = sender.closed();
    closed.cancel(true);
    assertThat(sender.isClosed()).isFalse();
    receiver.close();
    assertThat(sender.isClosed()).isTrue();
    assertThat(sender.closed().isDone()).isTrue();
    assertThat(sender.send("a")).isFalse();
    assertThat(receiver.receive().join()).isNull();
  }

  @Test
  void aReceiveThatIsCancelledTakesNothing() {
    receiver.receive().cancel(true);
    sender.send("a");
    assertThat(receiver.receive().join()).isEqualTo("a");
  }
}
