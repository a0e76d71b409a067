package dev.weft.net.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which loop the next channel goes to, by what is seen of them. */
class LoopChoiceTest {
  private static final class Seen implements LoopChoice.Loop {
    final String name;
    long standing;
    boolean reserve;
    int channels;
    int active;
    double load;

    Seen(String name) {
      this.name = name;
    }

    @Override
    public long standing(long now) {
      return standing;
    }

    @Override
    public boolean isReserve() {
      return reserve;
    }

    @Override
    public int channels() {
      return channels;
    }

    @Override
    public int activeChannels(long now) {
      return active;
    }

    @Override
    public double load(long now) {
      return load;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final Seen a = new Seen("a");
  private final Seen b = new Seen("b");
  private final Seen c = new Seen("c");
  private final LoopChoice<Seen> choice = new LoopChoice<>();

  /** Who gets the next channels, in this order; each is busy from then on if so said. */
  private List<Seen> open(int channels, boolean busy, Seen... loops) {
    List<Seen> chosen = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      Seen next = choice.next(List.of(loops), 0);
      assertThat(next).isNotNull();
      next.channels++;
      next.active += busy ? 1 : 0;
      chosen.add(next);
    }
    return chosen;
  }

  @Test
  void equalLoopsTakeTurns() {
    assertThat(open(7, false, a, b, c)).containsExactly(a, b, c, a, b, c, a);
  }

  /** A pair that is opened now is not served by one loop because the other has some to close. */
  @Test
  void aFewChannelsThatAreAboutToCloseBringNoPairTogether() {
    for (int left = 0; left <= 4; left++) {
      a.channels = left;
      a.active = left;
      b.channels = 0;
      b.active = 0;
      List<Seen> pair = open(2, false, a, b);
      assertThat(pair).as("with %s left on a", left).containsExactlyInAnyOrder(a, b);
    }
  }

  @Test
  void manyMoreChannelsAreNoEquals() {
    a.channels = 20;
    a.active = 20;
    assertThat(open(5, true, a, b)).containsOnly(b);
  }

  @Test
  void idleChannelsWeighLess() {
    a.channels = 100;
    b.channels = 25;
    b.active = 25;
    assertThat(open(5, true, a, b)).containsOnly(a);
    a.active = 100;
    assertThat(open(5, true, a, b)).containsOnly(b);
  }

  @Test
  void manyIdleOnesWeighAsMuchAsAFewThatAreBusy() {
    a.channels = 8000;
    b.channels = 100;
    b.active = 100;
    assertThat(open(10, true, a, b)).containsOnly(b);
  }

  @Test
  void ofEqualsTheOneThatWasLessBusy() {
    a.channels = 20;
    a.load = 0.9;
    b.channels = 21;
    b.load = 0.2;
    c.channels = 21;
    c.load = 0.3;
    assertThat(open(4, false, a, b, c)).containsExactly(b, c, b, c);
  }

  /** As if one handler had blocked all the time. */
  @Test
  void aFewChannelsTakeTurnsWhateverTheLoad() {
    a.channels = 2;
    a.load = 0.9;
    assertThat(open(4, false, a, b)).containsExactly(a, b, a, b);
  }

  @Test
  void noneThatStandsStillWhileAnotherIsFree() {
    a.standing = 20_000_000;
    b.channels = 1000;
    b.active = 1000;
    b.load = 1;
    assertThat(open(5, false, a, b)).containsOnly(b);
  }

  @Test
  void aReserveServesWhatComesWhileAllOthersStandStill() {
    c.reserve = true;
    assertThat(open(100, false, a, b, c)).doesNotContain(c);
    a.standing = 20_000_000;
    assertThat(open(3, false, a, b, c)).containsOnly(b);
    b.standing = 20_000_000;
    assertThat(open(3, false, a, b, c)).containsOnly(c);
    c.standing = 20_000_000;
    assertThat(open(4, false, a, b, c)).doesNotContain(c);
    a.standing = 0;
    assertThat(open(3, false, a, b, c)).containsOnly(a);
  }

  /** A reserve that has just been opened may have no core yet. */
  @Test
  void ofAllThatStandTheOneThatHasDoneSoForTheShortestTime() {
    a.standing = 20_000_000;
    b.standing = 3_000_000;
    b.reserve = true;
    assertThat(open(3, false, a, b)).containsOnly(b);
  }

  /** It may have no core for a moment. */
  @Test
  void oneThatStandsForAMomentHasItsTurnWithItsLike() {
    a.standing = 5_000_000;
    assertThat(open(4, false, a, b)).containsExactly(a, b, a, b);
    b.standing = 5_000_000;
    c.reserve = true;
    assertThat(open(2, false, a, b, c)).containsOnly(c);
  }

  @Test
  void theOnlyOneIsChosenWhateverItDoes() {
    a.standing = 20_000_000;
    a.reserve = true;
    assertThat(open(2, false, a)).containsOnly(a);
    assertThat(choice.next(List.of(), 0)).isNull();
  }
}
