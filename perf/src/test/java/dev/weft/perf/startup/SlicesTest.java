package dev.weft.perf.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.perf.startup.Slices.Slice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a server counts as warm. */
class SlicesTest {
  /** Slices of 250 ms with so many thousand messages per second, and 100 more as the last four. */
  private static Slices of(double... thousands) {
    List<Slice> slices = new ArrayList<>();
    for (double each : thousands) {
      slices.add(new Slice(each * 1000, 1_000 / each));
    }
    for (int i = 0; i < 4; i++) {
      slices.add(new Slice(100_000, 10));
    }
    return new Slices(250, slices);
  }

  @Test
  void aServerThatIsFastAtOnceIsWarmFromTheStart() {
    assertThat(of(95, 100, 90, 100, 100, 100, 100, 100).warmAfterMillis()).isZero();
  }

  @Test
  void itIsWarmWhenAWholeSecondIsFastEnough() {
    assertThat(of(20, 50, 95, 72, 95, 95, 100, 100).warmAfterMillis()).isEqualTo(750);
    assertThat(of(20, 50, 95, 40, 95, 95, 100, 100).warmAfterMillis()).isEqualTo(1_000);
  }

  @Test
  void oneThatGetsSlowerIsWarmToo() {
    assertThat(of(150, 150, 120, 120, 110, 110, 100, 100).warmAfterMillis()).isZero();
  }

  @Test
  void theCpuTimeIsPerMessageAndNotPerSlice() {
    Slices slices = of(10, 30, 100, 100, 100, 100, 100, 100);
    assertThat(slices.cpuMicros(0, 1)).isCloseTo(100, within(1e-9));
    assertThat(slices.cpuMicros(0, 2)).isCloseTo(50, within(1e-9)); // 2 s of CPU, 40,000 messages
    assertThat(slices.steadyCpuMicros()).isCloseTo(10, within(1e-9));
    assertThat(slices.steadyPerSecond()).isCloseTo(100_000, within(1e-9));
  }

  @Test
  void fewSlicesSayNothing() {
    assertThatThrownBy(() -> new Slices(250, List.of(new Slice(1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too few");
  }
}
