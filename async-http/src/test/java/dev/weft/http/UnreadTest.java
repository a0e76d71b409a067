package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a stream of HTTP/2 has received, and who reads it when. */
class UnreadTest {
  private static final int MESSAGES = 20_000;

  private final AtomicInteger taken = new AtomicInteger();
  private final Unread unread = new Unread(taken::addAndGet);

  private static HttpContent part(int bytes) {
    return new DefaultHttpContent(Unpooled.buffer().writeZero(bytes));
  }

  @Test
  void roomIsGivenWhenWhatIsKeptIsRead() {
    assertThat(unread.add(part(3))).isFalse();
    assertThat(unread.add(part(4))).isFalse();
    assertThat(taken).hasValue(0);
    unread.next().join();
    assertThat(taken).hasValue(3);
    unread.next().join();
    assertThat(taken).hasValue(7);
  }

  /** The codec gives room for it at once. */
  @Test
  void whatAReaderWaitsForIsNotKept() {
    Task<Object> waiting = unread.next();
    HttpContent part = part(3);
    assertThat(unread.add(part)).isTrue();
    assertThat(waiting.join()).isSameAs(part);
    assertThat(taken).hasValue(0);
  }

  @Test
  void aCancelledReaderLosesNothing() {
    unread.next().cancel(false);
    HttpContent part = part(3);
    assertThat(unread.add(part)).isFalse();
    assertThat(unread.next().join()).isSameAs(part);
  }

  @Test
  void twoReadersAtOnceAreRefused() {
    Task<Object> first = unread.next();
    assertThatThrownBy(() -> unread.next().join()).hasCauseInstanceOf(IllegalStateException.class);
    HttpContent part = part(3);
    unread.add(part);
    assertThat(first.join()).isSameAs(part);
  }

  @Test
  void theEndComesAfterWhatIsKept() {
    unread.add(part(1));
    unread.end();
    assertThat(unread.next().join()).isNotNull();
    assertThat(unread.next().join()).isNull();
  }

  @Test
  void whoWaitsSeesTheEnd() {
    Task<Object> waiting = unread.next();
    unread.end();
    assertThat(waiting.join()).isNull();
  }

  /** As the codec hands over all that it holds, also what a reset has come after. */
  @Test
  void whatComesAfterTheEndIsReleased() {
    unread.end();
    HttpContent late = part(1);
    assertThat(unread.add(late)).as("done with").isTrue();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void whatNobodyWantsIsReleased() {
    HttpContent kept = part(1);
    unread.add(kept);
    unread.close();
    assertThat(kept.refCnt()).isZero();
    assertThat(unread.next().join()).isNull();
  }

  /** Every message is read once, in order, and counted once, whenever a reader gives up. */
  @Test
  void aReaderThatOftenGivesUpLosesNothingBesideTheLoop() throws Exception {
    AtomicInteger atOnce = new AtomicInteger();
    Thread loop =
        new Thread(
            () -> {
              for (int i = 1; i <= MESSAGES; i++) {
                HttpContent part = new DefaultHttpContent(Unpooled.buffer(4).writeInt(i));
                if (unread.add(part)) {
                  atOnce.addAndGet(4);
                }
              }
              unread.end();
            });
    loop.start();
    List<Integer> read = new ArrayList<>();
    for (int i = 0; ; i++) {
      Task<Object> next = unread.next();
      if (i % 3 == 0 && next.cancel(false)) {
        continue;
      }
      Object message = next.get(60, TimeUnit.SECONDS);
      if (message == null) {
        break;
      }
      read.add(((HttpContent) message).content().readInt());
    }
    loop.join();
    assertThat(read).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
    assertThat(taken.get() + atOnce.get()).isEqualTo(MESSAGES * 4);
  }
}
