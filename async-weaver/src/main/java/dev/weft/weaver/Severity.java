package dev.weft.weaver;

/** What a diagnostic does to the weaving of its class. */
public enum Severity {
  /** The class is not woven, and a build fails. */
  ERROR,
  /** Said, and nothing else. */
  WARNING,
  /** Not even said. */
  OFF
}
