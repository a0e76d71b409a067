package dev.weft.weaver.tasks.attach;

import java.util.Locale;

/** How tasks are written. */
public enum DumpFormat {
  /** For people, one after the other. */
  TEXT,
  /** For people, each below the one that waits for it. */
  TREE,
  /** For programs. */
  JSON;

  /** Its name in options. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
