package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.ManualExecutor;
import dev.weft.stream.AsyncStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Who sends, who receives, who waits for whom, and how it ends. */
class MpscTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final List<String> received = new ArrayList<>();

  private HandWritten<Void> consumer(MpscReceiver<String> receiver) {
    return Loops.call(
        executor,
        () -> received.contains("null") ? null : receiver.receive(),
        message -> received.add("" + message));
  }

  @Test
  void whatIsSentIsReceivedInOrder() {
    Mpsc<String> channel = Mpsc.unbounded();
    for (String message : List.of("a", "b", "c")) {
      assertThat(channel.sender().send(message).isDone()).isTrue();
    }
    channel.sender().close();
    consumer(channel.receiver());
    assertThat(received).containsExactly("a", "b", "c", "null");
    assertThat(channel.receiver().receive().join()).isNull();
  }

  @Test
  void readyReceivesAreOneObjectAndWaitingOnesAnother() {
    Mpsc<String> channel = Mpsc.bounded(4);
    channel.sender().trySend("a");
    Task<String> there = channel.receiver().receive();
    Await.take(there);
    channel.sender().trySend("b");
    assertThat(channel.receiver().receive()).isSameAs(there);
    Await.take(there);
    consumer(channel.receiver());
    channel.sender().trySend("c");
    executor.runAll();
    channel.sender().trySend("d");
    executor.runAll();
    assertThat(received).containsExactly("c", "d");
  }

  @Test
  void whoFindsNoRoomWaitsInTheOrderOfComing() {
    Mpsc<String> channel = Mpsc.bounded(1);
    MpscSender<String> sender = channel.sender();
    assertThat(sender.trySend("a")).isTrue();
    assertThat(sender.trySend("x")).isFalse();
    Task<Void> second = sender.send("b");
    Task<Void> third = sender.send("c");
    assertThat(second.isDone() || third.isDone()).isFalse();
    assertThat(channel.receiver().tryReceive()).isEqualTo("a");
    assertThat(second.isDone()).isTrue();
    assertThat(third.isDone()).isFalse();
    assertThat(sender.trySend("x")).as("before who waits").isFalse();
    assertThat(channel.receiver().receive().join()).isEqualTo("b");
    assertThat(third.isDone()).isTrue();
    assertThat(channel.receiver().receive().join()).isEqualTo("c");
  }

  @Test
  void aSendThatIsCancelledWasNotSent() {
    Mpsc<String> channel = Mpsc.bounded(1);
    channel.sender().trySend("a");
    Task<Void> second = channel.sender().send("b");
    Task<Void> third = channel.sender().send("c");
    assertThat(second.cancel(true)).isTrue();
    assertThat(channel.receiver().tryReceive()).isEqualTo("a");
    assertThat(third.isDone()).isTrue();
    assertThat(channel.receiver().tryReceive()).isEqualTo("c");
    assertThat(third.cancel(true)).isFalse();
  }

  @Test
  void aReceiverThatIsClosedRefusesAndCanBeDrained() {
    Mpsc<String> channel = Mpsc.bounded(1);
    channel.sender().trySend("a");
    Task<Void> waits = channel.sender().send("b");
    Task<Void> closed = channel.sender().closed();
    assertThat(closed.isDone()).isFalse();
    channel.receiver().close();
    assertThat(closed.isDone()).isTrue();
    assertThatThrownBy(waits::join).hasCauseInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> channel.sender().trySend("c"))
        .isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> channel.sender().send("c").join())
        .hasCauseInstanceOf(ChannelClosedException.class);
    assertThat(channel.sender().isClosed()).isTrue();
    consumer(channel.receiver());
    assertThat(received).containsExactly("a", "null");
  }

  @Test
  void theEndIsWhenTheLastSenderIsClosed() {
    Mpsc<String> channel = Mpsc.bounded(2);
    MpscSender<String> copy = channel.sender().copy();
    HandWritten<Void> consumer = consumer(channel.receiver());
    channel.sender().close();
    channel.sender().close();
    assertThatThrownBy(() -> channel.sender().trySend("x"))
        .isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> channel.sender().copy()).isInstanceOf(ChannelClosedException.class);
    copy.trySend("a");
    executor.runAll();
    copy.close();
    executor.runAll();
    assertThat(received).containsExactly("a", "null");
    assertThat(consumer.isFinished()).isTrue();
  }

  @Test
  void sendsThatWaitHappenAfterTheirSenderWasClosed() {
    Mpsc<String> channel = Mpsc.bounded(1);
    channel.sender().trySend("a");
    channel.sender().send("b");
    Task<Void> cancelled = channel.sender().send("c");
    channel.sender().close();
    cancelled.cancel(true);
    consumer(channel.receiver());
    assertThat(received).containsExactly("a", "b", "null");
  }

  @Test
  void aReceiverThatWaitsSeesTheEndWhenTheLastSendIsCancelled() {
    Mpsc<String> channel = Mpsc.bounded(1);
    MpscPermit<String> permit = channel.sender().tryReserve();
    Task<Void> waits = channel.sender().send("a");
    consumer(channel.receiver());
    channel.sender().close();
    permit.close();
    assertThat(waits.isDone()).isTrue();
    executor.runAll();
    assertThat(received).containsExactly("a", "null");
  }

  @Test
  void oneReceiveAtATime() {
    Mpsc<String> channel = Mpsc.bounded(1);
    Task<String> first = channel.receiver().receive();
    assertThatThrownBy(() -> channel.receiver().receive().join())
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one consumer at a time");
    first.cancel(true);
    channel.sender().trySend("a");
    assertThat(channel.receiver().receive().join()).isEqualTo("a");
  }

  @Test
  void aPermitIsRoomForOneMessage() {
    Mpsc<String> channel = Mpsc.bounded(1);
    MpscPermit<String> permit = channel.sender().reserve().join();
    assertThat(channel.sender().trySend("x")).isFalse();
    assertThat(channel.sender().tryReserve()).isNull();
    assertThat(channel.sender().capacity()).isZero();
    channel.receiver().close();
    consumer(channel.receiver());
    permit.send("a");
    permit.close();
    executor.runAll();
    assertThat(received).as("also after closing").containsExactly("a", "null");
    assertThatThrownBy(() -> permit.send("b")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPermitThatIsNotUsedGoesToTheNext() {
    Mpsc<String> channel = Mpsc.bounded(1);
    MpscPermit<String> permit = channel.sender().tryReserve();
    Task<MpscPermit<String>> second = channel.sender().reserve();
    Task<Void> third = channel.sender().send("a");
    permit.close();
    permit.close();
    assertThat(third.isDone()).isFalse();
    second.join().close();
    assertThat(third.isDone()).isTrue();
    assertThat(channel.receiver().size()).isOne();
  }

  @Test
  void aRendezvousEndsWhenTheMessageIsReceived() {
    Mpsc<String> channel = Mpsc.rendezvous();
    assertThat(channel.sender().trySend("x")).isFalse();
    Task<Void> sent = channel.sender().send("a");
    assertThat(sent.isDone()).isFalse();
    assertThat(channel.receiver().tryReceive()).isEqualTo("a");
    assertThat(sent.isDone()).isTrue();
    consumer(channel.receiver());
    assertThat(channel.sender().trySend("b")).isTrue();
    assertThat(channel.sender().send("c").isDone()).as("before it comes again").isFalse();
    executor.runAll();
    channel.sender().close();
    executor.runAll();
    assertThat(received).containsExactly("b", "c", "null");
    assertThatThrownBy(() -> Mpsc.rendezvous().sender().reserve())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aMessageIsNotNullAndACapacityNotLessThanOne() {
    assertThatThrownBy(() -> Mpsc.unbounded().sender().send(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Mpsc.bounded(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLimitOfTimeTakesNothing() {
    Mpsc<String> channel = Mpsc.bounded(1);
    Task<String> limited = Async.timeout(Duration.ZERO, channel.receiver().receive());
    assertThatThrownBy(limited::join).isInstanceOf(CompletionException.class);
    channel.sender().trySend("a");
    assertThat(Async.timeout(Duration.ofDays(1), channel.receiver().receive()).join())
        .isEqualTo("a");
  }

  @Test
  void theStreamForgetsWhatIsThereWhenItIsClosed() {
    Mpsc<String> channel = Mpsc.bounded(4);
    channel.sender().trySend("a");
    channel.sender().trySend("b");
    MpscPermit<String> permit = channel.sender().tryReserve();
    AsyncStream<String> stream = channel.receiver().stream();
    assertThat(stream.next().join()).isEqualTo("a");
    stream.close();
    permit.send("c");
    assertThat(stream.next().join()).isNull();
    assertThat(channel.sender().isClosed()).isTrue();
  }
}
