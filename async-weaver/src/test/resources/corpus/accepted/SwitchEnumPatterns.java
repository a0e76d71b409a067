// Pattern switch with qualified enum constants, generic records and a yield inside a loop.
// release: 21
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class SwitchEnumPatterns {
  sealed interface Card permits Suit, Joker {}

  enum Suit implements Card {
    HEARTS,
    SPADES
  }

  record Joker(int n) implements Card {}

  record Two<A, B>(A a, B b) {}

  static CompletableFuture<Integer> value(Source s, Card card) {
    int v =
        switch (card) {
          case Suit.HEARTS -> await(s.of(10));
          case Suit.SPADES -> {
            int sum = 0;
            for (int i = 0; i < 2; i++) {
              sum += await(s.of(i + 1));
            }
            yield sum;
          }
          case Joker(int n) when await(s.of(n)) > 3 -> -n;
          case Joker j -> j.n() * await(s.of(100));
        };
    return s.of(v);
  }

  static CompletableFuture<String> two(Source s, Two<? extends Object, Suit> two) {
    return switch (two) {
      case Two<? extends Object, Suit>(String t, Suit u) -> s.of(t + await(s.of(u)).ordinal());
      case Two<? extends Object, Suit>(Integer i, Suit u) when u == await(s.of(Suit.HEARTS)) -> s.of(i + "hearts");
      case Two<? extends Object, Suit>(var x, var u) -> s.of(x + "," + await(s.of(u)));
    };
  }

  static CompletableFuture<String> run(Source s) {
    String r = "";
    for (Card card : new Card[] {Suit.HEARTS, Suit.SPADES, new Joker(2), new Joker(9)}) {
      r += await(value(s, card)) + " ";
    }
    return s.of(
        r + await(two(s, new Two<>("t", Suit.SPADES))) + await(two(s, new Two<>(4, Suit.HEARTS)))
            + await(two(s, new Two<>(4, Suit.SPADES))));
  }
}
