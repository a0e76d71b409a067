package dev.weft.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is put in comes out once and in order, and the queue says when it is full. */
class HandOffTest {
  private final Texts texts = new Texts(4);

  /** Takes one item after the other, each from within the completion of the one before. */
  private void takeOn(List<String> taken) {
    Task<@Nullable String> next = texts.take(new TextOf(texts, 1));
    next.thenAccept(
        text -> {
          if (text != null) {
            taken.add(text);
            takeOn(taken);
          }
        });
  }

  /** Has somebody take from a full queue while it is being delivered from, by this thread. */
  private void fullFor(Runnable taker) {
    texts
        .take()
        .thenAccept(
            first -> {
              for (String text : List.of("a", "b", "c", "d")) {
                texts.put(text);
              }
              taker.run();
            });
    texts.put("first");
  }

  @Test
  void isFullFromTheLimitOnUntilHalfOfItIsFree() {
    texts.put("ab");
    texts.put("c");
    assertThat(texts.isFull()).isFalse();
    texts.put("d");
    assertThat(texts.isFull()).isTrue();
    texts.put("e"); // what the source had in hand
    assertThat(texts.changes).containsExactly(true);
    assertThat(texts.take().join()).isEqualTo("ab");
    assertThat(texts.isFull()).isTrue();
    assertThat(texts.take().join()).isEqualTo("c");
    assertThat(texts.changes).containsExactly(true, false);
  }

  @Test
  void whatAWaitingTakerGetsDoesNotFillIt() {
    Task<@Nullable String> waiting = texts.take();
    texts.put("abcd");
    assertThat(waiting.join()).isEqualTo("abcd");
    assertThat(texts.changes).isEmpty();
  }

  @Test
  void whatIsGivenBackFillsItAtTheNextPut() {
    Task<@Nullable String> waiting = texts.take();
    texts.put("abcd");
    Held.abandoned(waiting);
    assertThat(texts.held()).isEqualTo(4);
    texts.put("e");
    assertThat(texts.changes).containsExactly(true);
    assertThat(texts.take().join()).isEqualTo("abcd");
    assertThat(texts.take().join()).isEqualTo("e");
  }

  @Test
  void aTakerThatWantsMoreThanThereIsRoomForOpensItAgain() {
    List<String> taken = new ArrayList<>();
    fullFor(() -> texts.take(new TextOf(texts, 6)).thenAccept(taken::add));
    assertThat(texts.changes).containsExactly(true, false);
    assertThat(taken).isEmpty();
    texts.put("efg");
    assertThat(taken).containsExactly("abcdef");
    assertThat(texts.take().join()).isEqualTo("g");
  }

  @Test
  void whoTakesInACompletionGetsTheNext() {
    List<String> taken = new ArrayList<>();
    fullFor(() -> takeOn(taken));
    assertThat(taken).containsExactly("a", "b", "c", "d");
    assertThat(texts.changes).containsExactly(true, false);
    texts.put("e");
    texts.end(() -> null);
    assertThat(taken).containsExactly("a", "b", "c", "d", "e");
    assertThat(texts.isAwaited()).isFalse();
  }

  @Test
  void aFailureToStartTheSourceAgainLeavesNobodyBehind() {
    IllegalStateException failure = new IllegalStateException("no memory for it");
    List<String> taken = new ArrayList<>();
    assertThatThrownBy(
            () ->
                fullFor(
                    () -> {
                      texts.failure = failure;
                      takeOn(taken);
                    }))
        .isSameAs(failure);
    texts.failure = null;
    texts.put("e");
    assertThat(taken).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void aFailureToDiscardLeavesNobodyBehind() {
    IllegalStateException failure = new IllegalStateException("freed already");
    List<Throwable> told = new ArrayList<>();
    texts
        .take(new TextOf(texts, 10))
        .whenComplete((text, closed) -> texts.take().whenComplete((next, too) -> told.add(too)));
    texts.put("a");
    texts.failure = failure;
    assertThatThrownBy(() -> texts.close(() -> new IOException("closed"))).isSameAs(failure);
    texts.end(() -> null);
    assertThat(told).hasSize(1).first().isInstanceOf(IOException.class);
  }

  @Test
  void whatACancelledTakerHadComesFirst() {
    Task<@Nullable String> cancelled = texts.take(new TextOf(texts, 3));
    texts.put("a");
    texts.put("b");
    cancelled.cancel(false);
    assertThat(texts.held()).isEqualTo(2);
    texts.put("cd");
    assertThat(texts.take(new TextOf(texts, 3)).join()).isEqualTo("abc");
    assertThat(texts.take().join()).isEqualTo("d");
  }
}
