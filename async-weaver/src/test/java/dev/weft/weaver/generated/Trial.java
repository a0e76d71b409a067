package dev.weft.weaver.generated;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to weave a program, and the ways to run it then.
 *
 * @param timings in the order of the runs, which is seen by initializers of classes
 */
record Trial(Engine engine, FrameMode mode, List<Timing> timings) {
  /**
   * The trials of a program. Each is woven by EA Async and by the direct engine, in one frame mode
   * each, and run ready, deferred, racing, and either alternating or by chance; every fourth
   * program is also woven by {@link Engine#AUTO}. Which mode is whose depends on the seed.
   */
  static List<Trial> of(long seed) {
    long choice = Dice.mix(seed + 1);
    FrameMode first = FrameMode.values()[(int) choice & 1];
    FrameMode second = FrameMode.values()[(int) choice & 1 ^ 1];
    Timing irregular = (choice & 2) == 0 ? Timing.ALTERNATING : Timing.RANDOM;
    List<Timing> timings =
        (choice & 4) == 0
            ? List.of(Timing.DEFERRED, Timing.READY, irregular, Timing.RACING)
            : List.of(irregular, Timing.RACING, Timing.DEFERRED, Timing.READY);
    List<Trial> trials = new ArrayList<>();
    trials.add(new Trial(Engine.EA, first, timings));
    trials.add(new Trial(Engine.DIRECT, second, timings));
    if ((choice & 0x18) == 0) {
      trials.add(new Trial(Engine.AUTO, first, List.of(Timing.DEFERRED, Timing.RANDOM)));
    }
    return trials;
  }

  /** The same with a single run. */
  Trial only(Timing timing) {
    return new Trial(engine, mode, List.of(timing));
  }
}
