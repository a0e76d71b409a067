package dev.weft.weaver.ea;

import dev.weft.weaver.Refusal;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.Lowering;
import dev.weft.weaver.lower.LoweringTarget;

/** EA Async's splitter splits, and the frame takes the place of the futures that it chains. */
public final class EaLowering implements Lowering {
  @Override
  public LoweredMethod lower(LoweringTarget target) throws Refusal {
    SplitMethod split = EaSplitter.split(target.owner(), target.async());
    return new FrameSubstitution(target, split).lower();
  }
}
