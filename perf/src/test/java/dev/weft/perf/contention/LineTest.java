package dev.weft.perf.contention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
  private final Tally tally = new Tally();
  private final Line line = new Line();

  @Test
  void whatOneHasWrittenIsTransferredToWhoReadsItOnce() {
    assertThat(line.own(0, 0, tally)).isEqualTo(Costs.HIT);
    assertThat(line.load(1, 0, tally)).isEqualTo(Costs.TRANSFER);
    assertThat(line.load(1, 100, tally)).isEqualTo(Costs.HIT);
    assertThat(line.load(0, 100, tally)).isEqualTo(Costs.HIT);
    assertThat(tally.transfers).isEqualTo(1);
  }

  @Test
  void aWriteToWhatOthersHaveReadIsATransfer() {
    line.load(0, 0, tally);
    line.load(1, 0, tally);
    assertThat(tally.transfers).isZero();
    line.own(0, 0, tally);
    assertThat(tally.transfers).isEqualTo(1);
    line.own(0, 100, tally);
    assertThat(tally.transfers).isEqualTo(1);
  }

  @Test
  void aWriteToWhatOneAloneHasReadIsNone() {
    line.load(0, 0, tally);
    line.own(0, 0, tally);
    assertThat(tally.transfers).isZero();
  }

  @Test
  void thoseWhoWantALineAtTheSameTimeQueue() {
    line.own(0, 0, tally);
    assertThat(line.own(1, 0, tally)).isEqualTo(Costs.TRANSFER);
    assertThat(line.own(2, 0, tally)).isEqualTo(2 * Costs.TRANSFER);
  }
}
