package dev.weft.weaver.lower;

import dev.weft.weaver.Refusal;

/**
 * Turns an async method into the frame form. There are two: Weft's own ({@code
 * dev.weft.weaver.direct}), and one around EA Async's splitter ({@code dev.weft.weaver.ea}).
 */
public interface Lowering {
  /**
   * Lowers one method. Neither the class nor the method is changed.
   *
   * @throws Refusal if this lowering cannot do the method
   */
  LoweredMethod lower(LoweringTarget target) throws Refusal;
}
