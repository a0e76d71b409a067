package dev.weft.weaver;

import java.util.Locale;

/**
 * What turns a method into the frame form.
 *
 * <pre>{@code
 * WeaverOptions options = WeaverOptions.DEFAULT.withEngine(Engine.named("direct"));
 * }</pre>
 */
public enum Engine {
  /**
   * EA Async for the methods that it splits right, and in two that HotSpot compiles; {@link
   * #DIRECT} for the others, and for what is annotated {@code @WovenDirect}.
   */
  AUTO,
  /** EA Async's splitter, and the frame in place of what it emits. Refuses what EA gets wrong. */
  EA,
  /** Weft's own lowering, from bytecode straight to the frame. */
  DIRECT;

  /**
   * The engine of this name, as options give it.
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static Engine named(String name) {
    for (Engine engine : values()) {
      if (engine.toString().equals(name)) {
        return engine;
      }
    }
    throw new IllegalArgumentException(
        "there is no engine '" + name + "': it is one of auto, ea and direct");
  }

  /** As reports write it: {@code EA Async}, {@code direct}. */
  public String title() {
    return this == EA ? "EA Async" : toString();
  }

  /** As options and messages write it: {@code auto}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
