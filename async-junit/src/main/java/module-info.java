/**
 * Tests that await: an extension of JUnit Jupiter.
 *
 * <p>Woven test classes call {@code dev.weft.junit}, also from modules of their own.
 */
module dev.weft.junit {
  requires transitive dev.weft;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.platform.engine;
  requires static org.jspecify;

  exports dev.weft.junit;

  provides org.junit.platform.engine.TestEngine with
      dev.weft.junit.UnwovenTests;
}
