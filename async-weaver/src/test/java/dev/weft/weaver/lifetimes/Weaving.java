package dev.weft.weaver.lifetimes;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;

/**
 * How the {@link Interpreter} is woven: by an engine, with the frames of a build or of the agent.
 */
record Weaving(Engine engine, FrameMode frames) {
  @Override
  public String toString() {
    return engine + " with " + frames;
  }
}
