package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A ratio is quoted when it is beyond the noise, and only then. */
class RatioTest {
  @Test
  void theSameFiguresAreNoDifference() {
    Ratio ratio = Ratio.of(List.of(5.0, 5.1, 4.9), List.of(5.0, 5.1, 4.9));

    assertThat(ratio.isDifferent()).isFalse();
    assertThat(ratio.toString()).startsWith("no difference");
  }

  @Test
  void aDifferenceBeyondTheNoiseIsQuoted() {
    Ratio ratio = Ratio.of(List.of(5.0, 5.1, 4.9), List.of(10.0, 10.1, 9.9));

    assertThat(ratio.isDifferent()).isTrue();
    assertThat(ratio.toString()).startsWith("0.50 (");
  }

  @Test
  void aDisturbanceOfBothIsNoNoise() {
    Ratio ratio = Ratio.of(List.of(5.0, 50.0, 15.0), List.of(10.0, 100.0, 30.0));

    assertThat(ratio.isDifferent()).isTrue();
    assertThat(ratio.median()).isEqualTo(0.5);
  }

  @Test
  void aSmallerDifferenceThanAnyRunCanShowIsNone() {
    assertThat(Ratio.of(List.of(1.01, 1.01, 1.01), List.of(1.0, 1.0, 1.0)).isDifferent()).isFalse();
  }

  @Test
  void noiseThatCouldHideADifferenceIsNotCalledNone() {
    Ratio ratio = Ratio.of(List.of(5.0, 6.0, 4.0), List.of(5.0, 4.5, 5.5));

    assertThat(ratio.isDifferent()).isFalse();
    assertThat(ratio.toString()).startsWith("not measured (0.");
  }

  /** "Same" needs more than an interval that holds 1: one that lies within 5 % of it. */
  @Test
  void onlyAnIntervalWithinFivePercentIsTheSame() {
    Ratio near = new Ratio(1, 0.96, 1.04, 5);
    Ratio open = new Ratio(1, 0.94, 1.04, 5);
    Ratio wide = new Ratio(1, 0.9, 1.1, 5);

    assertThat(near.toString()).startsWith("no difference (");
    assertThat(open.toString()).startsWith("not measured (");
    assertThat(wide.toString()).startsWith("not measured (");
    assertThat(near.isSame()).isTrue();
    assertThat(open.isSame()).isFalse();
    assertThat(wide.isSame()).isFalse();
  }

  @Test
  void whatLiesInAnIntervalWiderThanTwentyPercentIsNotMeasured() {
    assertThat(new Ratio(1.1, 1, 1.2, 5).open()).isEqualTo(Outcome.UNDECIDED);
    assertThat(new Ratio(1.1, 1, 1.21, 5).open()).isEqualTo(Outcome.UNKNOWN);
    assertThat(new Ratio(10, 9, 10.5, 5).isWide()).as("of what width, not where").isFalse();
  }

  @Test
  void anIntervalWithoutEndsIsWide() {
    assertThat(Ratio.of(List.of(1.0), List.of(1.0)).isWide()).isTrue();
    assertThat(Ratio.of(List.of(Double.NaN, 1.0), List.of(1.0, 1.0)).isWide()).isTrue();
    assertThat(Ratio.isWide(-1, 1)).isTrue();
  }

  /** Its direction is certain, however little its size is: the interval tells. */
  @Test
  void aDifferenceStaysOneInAWideInterval() {
    Ratio ratio = new Ratio(0.4, 0.2, 0.8, 5);

    assertThat(ratio.isWide()).isTrue();
    assertThat(ratio.toString()).isEqualTo("0.40 (0.20 .. 0.80)");
  }

  @Test
  void oneRoundIsNotQuoted() {
    Ratio ratio = Ratio.of(List.of(1.0), List.of(2.0));

    assertThat(ratio.isDifferent()).isFalse();
    assertThat(ratio.toString()).isEqualTo("not quoted: one round");
  }

  /** Of A/A comparisons, with noise of 10 %, one in 20 at most is called a difference. */
  @Test
  void comparisonsOfAServerWithItselfAreNoDifference() {
    Random random = new Random(1);
    int comparisons = 2000;
    int different = 0;
    for (int i = 0; i < comparisons; i++) {
      if (Ratio.of(noisy(random), noisy(random)).isDifferent()) {
        different++;
      }
    }
    assertThat(different).isLessThan(comparisons * 8 / 100);
  }

  private static List<Double> noisy(Random random) {
    List<Double> figures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      figures.add(100 * Math.exp(0.1 * random.nextGaussian()));
    }
    return figures;
  }

  @Test
  void medians() {
    assertThat(Ratio.median(3, 1, 2)).isEqualTo(2);
    assertThat(Ratio.median(4, 1, 2, 3)).isEqualTo(2.5);
    assertThat(Ratio.median(new double[0])).isNaN();
  }
}
